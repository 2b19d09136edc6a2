package io.surprisal.training.cli;

import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.ReferenceScores;
import io.surprisal.detector.calibration.TooFewCleanImagesException;
import io.surprisal.detector.calibration.TrueRate;
import io.surprisal.detector.verdict.Decision;
import java.io.PrintStream;
import java.util.Locale;

/** What a calibration is worth at the rates one may ask for. */
final class Thresholds {
    private static final double[] RATES = {0.001, 0.01, 0.05};
    private static final double CONFIDENCE = 0.95;

    private Thresholds() {}

    /** A line for each rate, by the statistic that decides. */
    static void print(Calibration calibration, PrintStream out) {
        String statistic = Decision.defaultOf(calibration).statistic();
        for (double rate : RATES) {
            try {
                ReferenceScores scores = calibration.of(statistic);
                TrueRate interval = scores.trueRate(rate, CONFIDENCE);
                out.printf(
                        Locale.ROOT,
                        "%s at %.1f %%: threshold %.3f, true rate in %.2f–%.2f %% (95 %%)%n",
                        statistic,
                        100 * rate,
                        scores.threshold(rate),
                        100 * interval.lower(),
                        100 * interval.upper());
            } catch (TooFewCleanImagesException e) {
                out.printf(Locale.ROOT, "%s at %.1f %%: %s%n", statistic, 100 * rate, e.getMessage());
            }
        }
    }
}
