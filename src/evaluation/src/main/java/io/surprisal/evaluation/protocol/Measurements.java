package io.surprisal.evaluation.protocol;

import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.ReferenceScores;
import io.surprisal.detector.calibration.Stage;
import io.surprisal.evaluation.attack.Attack;
import io.surprisal.evaluation.metric.Interval;
import io.surprisal.evaluation.metric.Proportion;
import io.surprisal.evaluation.metric.ReachableRates;
import io.surprisal.evaluation.metric.RocCurve;
import io.surprisal.evaluation.report.EvaluationReport.AttackResult;
import io.surprisal.evaluation.report.EvaluationReport.Detection;
import io.surprisal.evaluation.report.EvaluationReport.FalsePositives;
import io.surprisal.evaluation.report.EvaluationReport.ImageBits;
import io.surprisal.evaluation.report.EvaluationReport.Subset;
import io.surprisal.evaluation.report.EvaluationReport.Threshold;
import io.surprisal.evaluation.report.EvaluationReport.TruePositives;
import io.surprisal.evaluation.score.AttackedScores;
import io.surprisal.evaluation.score.Scores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Scores to rates, at thresholds that come from the bundle's calibration and from nothing else. */
final class Measurements {
    private final Calibration calibration;
    private final boolean inStages;
    private final List<Double> falsePositiveRates;

    /**
     * @param calibration what images are ranked in
     * @param inStages whether that is places in a cascade, and not scores of one model
     */
    Measurements(Calibration calibration, boolean inStages, List<Double> falsePositiveRates) {
        this.calibration = calibration;
        this.inStages = inStages;
        this.falsePositiveRates = falsePositiveRates;
    }

    List<FalsePositives> falsePositives(Scores clean) {
        List<FalsePositives> rows = new ArrayList<>();
        for (String statistic : clean.statistics()) {
            falsePositiveRates.forEach(rate -> rows.add(falsePositives(statistic, rate, clean.of(statistic))));
        }
        return rows;
    }

    private FalsePositives falsePositives(String statistic, double requested, double[] clean) {
        ReferenceScores references = calibration.of(statistic);
        double threshold = references.threshold(requested);
        Proportion flagged = Proportion.above(threshold, clean);
        Interval interval = flagged.interval();
        return new FalsePositives(
                statistic,
                requested,
                references.size(),
                threshold(references, threshold),
                flagged.flagged(),
                flagged.images(),
                flagged.rate(),
                interval,
                interval.contains(requested),
                ReachableRates.of(requested, references.size(), flagged.images()));
    }

    private Threshold threshold(ReferenceScores references, double threshold) {
        int rank = references.pValue(threshold).atLeastAsExtreme();
        if (!inStages) {
            return new Threshold(rank, null, threshold);
        }
        Stage stage = Stage.at(threshold);
        return new Threshold(rank, stage, stage.score(threshold));
    }

    AttackResult attack(AttackedScores attacked, int correctBefore, Scores clean) {
        Attack attack = attacked.attack();
        Scores successful = attacked.successfulScores();
        List<Detection> detections = new ArrayList<>();
        for (String statistic : clean.statistics()) {
            detections.add(detection(statistic, Subset.ALL, clean, attacked.scores()));
            detections.add(detection(statistic, Subset.SUCCESSFUL, clean, successful));
        }
        return new AttackResult(
                attack.title(),
                attack.name(),
                attack.budget(),
                attack.region().label(),
                attacked.scores().images(),
                correctBefore,
                successful.images(),
                bits(attack.title(), attacked.scores()).mean(),
                detections);
    }

    private Detection detection(String statistic, Subset subset, Scores clean, Scores attacked) {
        double[] scores = attacked.of(statistic);
        Double area = scores.length == 0
                ? null
                : RocCurve.of(clean.of(statistic), scores).area();
        List<TruePositives> rates = falsePositiveRates.stream()
                .map(rate -> truePositives(rate, calibration.of(statistic).threshold(rate), scores))
                .toList();
        return new Detection(statistic, subset, scores.length, area, rates);
    }

    private static TruePositives truePositives(double falsePositiveRate, double threshold, double[] scores) {
        if (scores.length == 0) {
            return new TruePositives(falsePositiveRate, 0, null, null);
        }
        Proportion found = Proportion.above(threshold, scores);
        return new TruePositives(falsePositiveRate, found.flagged(), found.rate(), found.interval());
    }

    static ImageBits bits(String set, Scores scores) {
        double[] bits = scores.bitsPerDimension();
        double mean = Arrays.stream(bits).average().orElse(Double.NaN);
        double squares = Arrays.stream(bits).map(b -> (b - mean) * (b - mean)).sum();
        return new ImageBits(set, bits.length, mean, bits.length < 2 ? 0 : Math.sqrt(squares / (bits.length - 1)));
    }
}
