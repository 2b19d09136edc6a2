/**
 * Maximum likelihood: a network, images and a {@link io.surprisal.training.fit.TrainingPlan} in, weights and a learning curve
 * out.
 *
 * <p>Start with {@link io.surprisal.training.fit.Trainer}.
 */
@NullMarked
package io.surprisal.training.fit;

import org.jspecify.annotations.NullMarked;
