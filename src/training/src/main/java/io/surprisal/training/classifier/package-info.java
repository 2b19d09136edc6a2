/**
 * The image classifiers that the evaluation attacks. Labelled images in, a {@link
 * io.surprisal.training.classifier.Classifier} out: predictions, and gradients of its loss by the levels of an image, as plain
 * Java arrays; no libtorch type leaves the package.
 *
 * <p>Start with {@link io.surprisal.training.classifier.ClassifierTrainer}.
 */
@NullMarked
package io.surprisal.training.classifier;

import org.jspecify.annotations.NullMarked;
