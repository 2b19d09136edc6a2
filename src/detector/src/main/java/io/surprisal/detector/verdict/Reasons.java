package io.surprisal.detector.verdict;

import io.surprisal.detector.calibration.PValue;
import io.surprisal.detector.statistic.Combined;
import io.surprisal.detector.statistic.Statistic;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Verdicts in words: {@code more surprising than 99.6 % of clean images (standardised surprisal 7.30, threshold 3.10)}.
 */
final class Reasons {

    private Reasons() {}

    /** @param inputs the values the statistic read */
    static String flagged(Statistic statistic, StatisticResult result, double threshold, double[] inputs) {
        String comparison = statistic.oneSided() ? "more " + statistic.adjective() + " than " : "less typical than ";
        String because = statistic instanceof Combined combined ? because(combined.drivers(inputs)) : "";
        return comparison + share(result.pValue()) + numbers(statistic, result, threshold) + because;
    }

    private static String because(List<Combined.Driver> drivers) {
        return drivers.stream()
                .map(driver -> driver.statistic().words() + (driver.high() ? " (high)" : " (low)"))
                .collect(Collectors.joining(" and ", ", above all for the ", ""));
    }

    static String accepted(Statistic statistic, StatisticResult result, double threshold) {
        PValue p = result.pValue();
        return percent(p.atLeastAsExtreme(), p.sampleSize()) + " % of clean images are at least as "
                + statistic.adjective() + numbers(statistic, result, threshold);
    }

    static String notANumber(Statistic statistic) {
        return "the " + statistic.words() + " is not a number, so nothing can be said for the image";
    }

    private static String share(PValue p) {
        int n = p.sampleSize();
        if (p.atLeastAsExtreme() == 0) {
            return String.format(Locale.ROOT, "all %,d clean images of the calibration", n);
        }
        return percent(n - p.atLeastAsExtreme(), n) + " % of clean images";
    }

    private static String numbers(Statistic statistic, StatisticResult result, double threshold) {
        // In a cascade every score of a stage may lie on one side of the threshold.
        String limit = Double.isFinite(threshold) ? String.format(Locale.ROOT, ", threshold %.2f", threshold) : "";
        return String.format(Locale.ROOT, " (%s %.2f%s)", statistic.words(), result.value(), limit);
    }

    private static String percent(int part, int whole) {
        // Cut and not rounded: 4,999 of 5,000 are not "100.0 %".
        return Double.toString(Math.floor(1000.0 * part / whole) / 10);
    }
}
