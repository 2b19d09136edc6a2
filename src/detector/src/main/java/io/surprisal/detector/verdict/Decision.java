package io.surprisal.detector.verdict;

import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.statistic.BitsPerDimension;
import io.surprisal.detector.statistic.Combined;

/**
 * Which statistic decides, and how many clean images may be flagged.
 *
 * @param statistic its name
 * @param falsePositiveRate α, above 0, below 1: an image is flagged when its p-value is at most α
 */
public record Decision(String statistic, double falsePositiveRate) {

    /** One clean image in a hundred. */
    public static final double DEFAULT_FALSE_POSITIVE_RATE = 0.01;

    public Decision {
        if (statistic.isBlank()) {
            throw new IllegalArgumentException("expected the name of a statistic, found none");
        }
        if (!(falsePositiveRate > 0 && falsePositiveRate < 1)) {
            throw new IllegalArgumentException(
                    "expected a false-positive rate above 0 and below 1, found " + falsePositiveRate);
        }
    }

    /** At 1 %: all statistics combined where the bundle has them, else bits per dimension. */
    public static Decision defaultOf(Calibration calibration) {
        String statistic = calibration.has(Combined.NAME) ? Combined.NAME : BitsPerDimension.NAME;
        return new Decision(statistic, DEFAULT_FALSE_POSITIVE_RATE);
    }

    public Decision withStatistic(String name) {
        return new Decision(name, falsePositiveRate);
    }

    public Decision withFalsePositiveRate(double rate) {
        return new Decision(statistic, rate);
    }
}
