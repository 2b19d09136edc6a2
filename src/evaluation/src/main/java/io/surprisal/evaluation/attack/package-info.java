/**
 * Attacks on a classifier. Clean images and a gradient of the classifier's loss in, perturbed images out, on the same grid of
 * levels.
 *
 * <p>Start with {@link io.surprisal.evaluation.attack.Attack}.
 */
@NullMarked
package io.surprisal.evaluation.attack;

import org.jspecify.annotations.NullMarked;
