/**
 * Classifier in, detection report out: how much of what fools a classifier does the detector see, and how much of what is
 * harmless does it refuse?
 *
 * <p>The packages are the path: {@code attack} perturbs clean images, {@code score} runs the detector over them, {@code metric}
 * turns scores into rates with intervals, {@code protocol} says which images are compared with which, {@code report} writes tables
 * and pictures, {@code cli} is {@code ./surprisal evaluate}. Start with {@link io.surprisal.evaluation.protocol.Evaluation}.
 */
@NullMarked
package io.surprisal.evaluation;

import org.jspecify.annotations.NullMarked;
