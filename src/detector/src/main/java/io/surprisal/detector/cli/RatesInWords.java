package io.surprisal.detector.cli;

import io.surprisal.detector.Detector;
import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.ReferenceScores;
import io.surprisal.detector.calibration.TooFewCleanImagesException;
import io.surprisal.detector.calibration.TrueRate;
import io.surprisal.detector.verdict.Decision;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/** What each false-positive rate one may ask of a calibration is worth, by the statistic that decides; a line each. */
public final class RatesInWords {
    private static final double[] RATES = {0.001, 0.01, 0.05};
    private static final double CONFIDENCE = 0.95;

    private RatesInWords() {}

    /** At 0.1, 1 and 5 %: the threshold and the interval of its true rate, or why there is none. */
    public static List<String> of(Calibration calibration) {
        ReferenceScores scores = calibration.of(Decision.defaultOf(calibration).statistic());
        return of(calibration, scores::threshold);
    }

    /** As above; of a cascade the thresholds of what its model is asked about. */
    public static List<String> of(Detector detector) {
        Decision decision = detector.defaultDecision();
        return of(detector.ranks(), rate -> {
            detector.require(decision.withFalsePositiveRate(rate));
            return detector.threshold(decision.withFalsePositiveRate(rate));
        });
    }

    private static List<String> of(Calibration ranks, DoubleUnaryOperator threshold) {
        String statistic = Decision.defaultOf(ranks).statistic();
        ReferenceScores scores = ranks.of(statistic);
        return Arrays.stream(RATES)
                .mapToObj(rate -> String.format(
                        Locale.ROOT, "%s at %.1f %%: %s", statistic, 100 * rate, worth(scores, threshold, rate)))
                .toList();
    }

    private static String worth(ReferenceScores scores, DoubleUnaryOperator threshold, double rate) {
        try {
            TrueRate interval = scores.trueRate(rate, CONFIDENCE);
            return String.format(
                    Locale.ROOT,
                    "threshold %.3f, true rate in %.2f–%.2f %% (95 %%)",
                    threshold.applyAsDouble(rate),
                    100 * interval.lower(),
                    100 * interval.upper());
        } catch (TooFewCleanImagesException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
