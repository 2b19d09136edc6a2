package io.surprisal.detector.verdict;

import io.surprisal.detector.calibration.PValue;
import io.surprisal.detector.statistic.Statistic;
import java.util.Locale;

/**
 * Verdicts in words: {@code more surprising than 99.6 % of clean images (standardised surprisal 7.30, threshold 3.10)}.
 */
final class Reasons {

    private Reasons() {}

    static String flagged(Statistic statistic, StatisticResult result, double threshold) {
        String comparison = statistic.oneSided() ? "more surprising than " : "less typical than ";
        return comparison + share(result.pValue()) + numbers(statistic, result, threshold);
    }

    static String accepted(Statistic statistic, StatisticResult result, double threshold) {
        PValue p = result.pValue();
        String extreme = statistic.oneSided() ? "surprising" : "untypical";
        return percent(p.atLeastAsExtreme(), p.sampleSize()) + " % of clean images are at least as " + extreme
                + numbers(statistic, result, threshold);
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
        return String.format(Locale.ROOT, " (%s %.2f, threshold %.2f)", statistic.words(), result.value(), threshold);
    }

    private static String percent(int part, int whole) {
        // Cut and not rounded: 4,999 of 5,000 are not "100.0 %".
        return String.format(Locale.ROOT, "%.1f", Math.floor(1000.0 * part / whole) / 10);
    }
}
