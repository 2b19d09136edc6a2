/**
 * p-value and false-positive rate to accepted or flagged, with the reason in words. Start with
 * {@link io.surprisal.detector.verdict.Verdict}; {@link io.surprisal.detector.verdict.Judge} is what gives it.
 */
@NullMarked
package io.surprisal.detector.verdict;

import org.jspecify.annotations.NullMarked;
