/**
 * Scores in, rates out: ROC curves and intervals of proportions.
 *
 * <p>Start with {@link io.surprisal.evaluation.metric.RocCurve}.
 */
@NullMarked
package io.surprisal.evaluation.metric;

import org.jspecify.annotations.NullMarked;
