/**
 * One number of suspicion an image. In: {@code Conditionals}. Out: a double, larger is more suspicious. Start with
 * {@link io.surprisal.detector.statistic.Statistic}: the interface is sealed and each statistic is one record with its
 * formula.
 */
@NullMarked
package io.surprisal.detector.statistic;

import org.jspecify.annotations.NullMarked;
