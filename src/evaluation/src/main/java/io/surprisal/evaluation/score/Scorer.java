package io.surprisal.evaluation.score;

import io.surprisal.detector.Detector;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.likelihood.ChainRule;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.statistic.Statistic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;

/**
 * Scores images with all calibrated statistics of a detector: what its {@link Detector#ranks} rank, which in a cascade are places and no
 * scores of one model. Safe for use by one thread at a time.
 */
public final class Scorer {
    /** Small, so that what the model computes on the way stays in the processor's cache. */
    private static final int BATCH = 4;

    private final Detector detector;
    private final List<Statistic> statistics;
    private final Workers workers;

    /** Detector and workers stay the caller's to close. */
    public Scorer(Detector detector, Workers workers) {
        this.detector = detector;
        this.statistics = detector.ranks().statistics();
        this.workers = workers;
    }

    /**
     * @param images of the detector's shape
     * @param done hears how many images have been scored since it was last called, on the calling thread
     * @throws io.surprisal.detector.density.InferenceException when the model fails
     */
    public Scores score(Levels images, IntConsumer done) {
        double[] bits = new double[images.count()];
        Map<String, double[]> scores = new LinkedHashMap<>();
        statistics.forEach(s -> scores.put(s.name(), new double[images.count()]));
        List<Callable<Integer>> parts = new ArrayList<>();
        for (int from = 0; from < images.count(); from += BATCH) {
            int start = from;
            Levels part = images.slice(from, Math.min(images.count(), from + BATCH));
            parts.add(() -> score(part, start, bits, scores));
        }
        workers.run(parts, done::accept);
        return new Scores(bits, scores);
    }

    private int score(Levels part, int start, double[] bits, Map<String, double[]> scores) {
        Conditionals conditionals = detector.evaluate(part);
        List<double[]> columns = List.copyOf(scores.values());
        for (int i = 0; i < part.count(); i++) {
            bits[start + i] = ChainRule.of(conditionals, i).bitsPerDimension();
            double[] row = detector.places(conditionals, i);
            for (int column = 0; column < row.length; column++) {
                columns.get(column)[start + i] = row[column];
            }
        }
        return part.count();
    }
}
