/**
 * All parameters of a network as one flat vector, and their file format.
 *
 * <p>Start with {@link io.surprisal.training.weights.ParameterLayout}.
 */
@NullMarked
package io.surprisal.training.weights;

import org.jspecify.annotations.NullMarked;
