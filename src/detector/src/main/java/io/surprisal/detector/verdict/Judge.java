package io.surprisal.detector.verdict;

import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.TooFewCleanImagesException;
import io.surprisal.detector.calibration.UnknownStatisticException;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.likelihood.ChainRule;
import io.surprisal.detector.statistic.Statistic;
import java.util.ArrayList;
import java.util.List;

/**
 * Conditionals to verdicts, by the ranks of a calibration. An image is flagged when the p-value of the deciding
 * statistic is at most the false-positive rate, and when its score is not a number. Immutable, safe for use by many
 * threads.
 */
public final class Judge {

    private final Calibration calibration;

    public Judge(Calibration calibration) {
        this.calibration = calibration;
    }

    /**
     * Judges each image of a batch, in order.
     *
     * @throws UnknownStatisticException when the deciding statistic is not calibrated
     * @throws TooFewCleanImagesException when its calibration cannot resolve the rate
     */
    public List<Verdict> judge(Conditionals conditionals, Decision decision) {
        double threshold = calibration.of(decision.statistic()).threshold(decision.falsePositiveRate());
        List<Verdict> verdicts = new ArrayList<>(conditionals.count());
        for (int image = 0; image < conditionals.count(); image++) {
            verdicts.add(judge(assess(conditionals, image, decision), threshold));
        }
        return List.copyOf(verdicts);
    }

    private Assessment assess(Conditionals conditionals, int image, Decision decision) {
        List<StatisticResult> results = new ArrayList<>();
        StatisticResult decisive = null;
        for (Statistic statistic : calibration.statistics()) {
            double score = statistic.of(conditionals, image);
            StatisticResult result = new StatisticResult(
                    statistic.name(), score, calibration.of(statistic.name()).pValue(score));
            results.add(result);
            if (statistic.name().equals(decision.statistic())) {
                decisive = result;
            }
        }
        if (decisive == null) {
            throw new IllegalStateException("expected " + decision.statistic() + " among the calibrated statistics");
        }
        return new Assessment(ChainRule.of(conditionals, image), decisive, decision.falsePositiveRate(), results);
    }

    private Verdict judge(Assessment assessment, double threshold) {
        StatisticResult decisive = assessment.decisive();
        Statistic statistic = calibration.statistic(decisive.name());
        if (Double.isNaN(decisive.value())) {
            return new Verdict.Flagged(assessment, Reasons.notANumber(statistic));
        }
        if (decisive.pValue().value() <= assessment.falsePositiveRate()) {
            return new Verdict.Flagged(assessment, Reasons.flagged(statistic, decisive, threshold));
        }
        return new Verdict.Accepted(assessment, Reasons.accepted(statistic, decisive, threshold));
    }
}
