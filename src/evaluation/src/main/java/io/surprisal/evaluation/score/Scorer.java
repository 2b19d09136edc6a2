package io.surprisal.evaluation.score;

import io.surprisal.detector.Detector;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.statistic.Statistic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * Scores images with all calibrated statistics of a detector, one Java thread a core: the detector's session runs each call on one
 * thread, which gives more images a second than many threads in one call. Safe for use by one thread at a time.
 */
public final class Scorer implements AutoCloseable {
    private static final int BATCH = 32;

    private final Detector detector;
    private final List<Statistic> statistics;
    private final ExecutorService threads;

    /** The detector stays the caller's to close. */
    public Scorer(Detector detector, int threads) {
        this.detector = detector;
        this.statistics = detector.calibration().statistics();
        this.threads = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().name("score-", 0).factory());
    }

    /**
     * @param images of the detector's shape
     * @param done hears how many images have been scored since it was last called, on the calling thread
     * @throws io.surprisal.detector.density.InferenceException when the model fails
     */
    public Scores score(Levels images, IntConsumer done) {
        Map<String, double[]> scores = new LinkedHashMap<>();
        statistics.forEach(s -> scores.put(s.name(), new double[images.count()]));
        List<Future<Integer>> parts = new ArrayList<>();
        for (int from = 0; from < images.count(); from += BATCH) {
            int start = from;
            Levels part = images.slice(from, Math.min(images.count(), from + BATCH));
            parts.add(threads.submit(() -> score(part, start, scores)));
        }
        parts.forEach(part -> done.accept(result(part)));
        return new Scores(images.count(), scores);
    }

    private int score(Levels part, int start, Map<String, double[]> scores) {
        Conditionals conditionals = detector.evaluate(part);
        for (Statistic statistic : statistics) {
            double[] values = scores.get(statistic.name());
            for (int i = 0; values != null && i < part.count(); i++) {
                values[start + i] = statistic.of(conditionals, i);
            }
        }
        return part.count();
    }

    private static int result(Future<Integer> part) {
        try {
            return part.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException("scoring failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while scoring", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
