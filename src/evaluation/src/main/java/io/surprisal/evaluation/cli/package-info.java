/**
 * The command {@code evaluate}.
 *
 * <p>Start with {@link io.surprisal.evaluation.cli.EvaluateCommand}.
 */
@NullMarked
package io.surprisal.evaluation.cli;

import org.jspecify.annotations.NullMarked;
