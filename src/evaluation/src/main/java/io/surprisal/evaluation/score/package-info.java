/**
 * Images in, scores of every calibrated statistic out, on all cores.
 *
 * <p>Start with {@link io.surprisal.evaluation.score.Scorer}.
 */
@NullMarked
package io.surprisal.evaluation.score;

import org.jspecify.annotations.NullMarked;
