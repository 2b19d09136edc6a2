/**
 * The commands {@code train}, {@code export}, {@code calibrate} and {@code sample}.
 *
 * <p>Start with {@link io.surprisal.training.cli.TrainingMain}.
 */
@NullMarked
package io.surprisal.training.cli;

import org.jspecify.annotations.NullMarked;
