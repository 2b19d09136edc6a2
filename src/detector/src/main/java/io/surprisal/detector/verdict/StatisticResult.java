package io.surprisal.detector.verdict;

import io.surprisal.detector.calibration.PValue;

/**
 * One statistic of one image.
 *
 * @param name of the statistic
 * @param value its score, larger more suspicious; may be +∞, and NaN when the model is broken
 * @param pValue the share of held-out clean images at least this extreme
 */
public record StatisticResult(String name, double value, PValue pValue) {}
