package io.surprisal.detector.verdict;

import io.surprisal.detector.calibration.Stage;
import io.surprisal.detector.likelihood.LogLikelihood;
import java.util.List;
import java.util.Optional;

/**
 * Everything measured about one image.
 *
 * @param logLikelihood ln p(x)
 * @param decisive the statistic that decides
 * @param falsePositiveRate the rate it decides at
 * @param stage of a cascade in which the image ended; empty where there is no screen before the model
 * @param statistics all calibrated statistics, the decisive one among them, bits per dimension first
 */
public record Assessment(
        LogLikelihood logLikelihood,
        StatisticResult decisive,
        double falsePositiveRate,
        Optional<Stage> stage,
        List<StatisticResult> statistics) {

    public Assessment {
        statistics = List.copyOf(statistics);
        if (!statistics.contains(decisive)) {
            throw new IllegalArgumentException("expected " + decisive.name() + " among the statistics, found "
                    + statistics.stream().map(StatisticResult::name).toList());
        }
    }

    /** Whether a cascade's screen was sure of the image, so that the numbers are the screen's and the model was not asked. */
    public boolean screened() {
        return stage.map(Stage::byScreen).orElse(false);
    }
}
