package io.surprisal.detector.verdict;

import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.Cascade;
import io.surprisal.detector.calibration.PValue;
import io.surprisal.detector.calibration.Reading;
import io.surprisal.detector.calibration.Scale;
import io.surprisal.detector.calibration.TooFewCleanImagesException;
import io.surprisal.detector.calibration.UnknownStatisticException;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.statistic.ImageConditionals;
import io.surprisal.detector.statistic.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Conditionals to verdicts, by the ranks of a calibration. An image is flagged when the p-value of the deciding
 * statistic is at most the false-positive rate, and when its score is not a number. Immutable, safe for use by many
 * threads.
 */
public final class Judge {

    private final Calibration calibration;
    private final Function<ImageConditionals, Reading> reader;

    /** By the statistics of one model. */
    public Judge(Calibration calibration) {
        this.calibration = calibration;
        this.reader = image ->
                new Reading(calibration.statistics(), calibration.panel().of(image), Scale.IDENTITY);
    }

    /** By the statistics of a model and of its screen; what was not evaluated by the screen is judged as what it was unsure of. */
    public Judge(Cascade cascade) {
        this.calibration = cascade.whole();
        this.reader = cascade::read;
    }

    /** What places are ranked in; {@link Calibration#names()} in the order of {@link #places}. */
    public Calibration calibration() {
        return calibration;
    }

    /** The place of each statistic of one image among the reference scores of {@link #calibration()}, which is its score but in a cascade. */
    public double[] places(Conditionals conditionals, int image) {
        return reader.apply(new ImageConditionals(conditionals, image)).places();
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
            verdicts.add(judge(conditionals, image, decision, threshold));
        }
        return List.copyOf(verdicts);
    }

    private Verdict judge(Conditionals conditionals, int image, Decision decision, double threshold) {
        ImageConditionals one = new ImageConditionals(conditionals, image);
        Reading reading = reader.apply(one);
        List<Statistic> statistics = reading.statistics();
        double[] scores = reading.scores().scores();
        List<StatisticResult> results = new ArrayList<>(statistics.size());
        int decisive = -1;
        for (int i = 0; i < statistics.size(); i++) {
            String name = statistics.get(i).name();
            PValue pValue =
                    calibration.references().get(i).pValue(reading.scale().place(scores[i]));
            results.add(new StatisticResult(name, scores[i], pValue));
            decisive = name.equals(decision.statistic()) ? i : decisive;
        }
        if (decisive < 0) {
            throw new IllegalStateException("expected " + decision.statistic() + " among the calibrated statistics");
        }
        Assessment assessment = new Assessment(
                one.logLikelihood(), results.get(decisive), decision.falsePositiveRate(), reading.stage(), results);
        return judge(
                assessment,
                statistics.get(decisive),
                reading.scores().inputs()[decisive],
                reading.scale().score(threshold));
    }

    private static Verdict judge(Assessment assessment, Statistic statistic, double[] inputs, double threshold) {
        StatisticResult decisive = assessment.decisive();
        if (Double.isNaN(decisive.value())) {
            return new Verdict.Flagged(assessment, Reasons.notANumber(statistic));
        }
        if (decisive.pValue().value() <= assessment.falsePositiveRate()) {
            return new Verdict.Flagged(assessment, Reasons.flagged(statistic, decisive, threshold, inputs));
        }
        return new Verdict.Accepted(assessment, Reasons.accepted(statistic, decisive, threshold));
    }
}
