package io.surprisal.training.bundle;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.likelihood.ChainRule;
import io.surprisal.detector.quantise.Levels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;

/** Evaluates many images with a model, one Java thread a core, in order. */
final class Evaluations {
    private static final int BATCH = 16; // what stays in the cache; larger batches are slower a core

    private final DensityModel model;
    private final int threads;

    Evaluations(DensityModel model, int threads) {
        this.model = model;
        this.threads = threads;
    }

    /** The conditionals of all images, batch by batch. */
    List<Conditionals> of(Levels images, DoubleConsumer progress) {
        int batches = (images.count() + BATCH - 1) / BATCH;
        AtomicInteger done = new AtomicInteger();
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            List<Future<Conditionals>> waiting = new ArrayList<>();
            for (int from = 0; from < images.count(); from += BATCH) {
                Levels part = images.slice(from, Math.min(images.count(), from + BATCH));
                waiting.add(workers.submit(() -> {
                    Conditionals conditionals = model.evaluate(part);
                    progress.accept(done.incrementAndGet() / (double) batches);
                    return conditionals;
                }));
            }
            List<Conditionals> results = new ArrayList<>();
            for (Future<Conditionals> future : waiting) {
                results.add(result(future));
            }
            return results;
        }
    }

    private static Conditionals result(Future<Conditionals> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while images were evaluated", e);
        }
    }

    /** Bits per dimension of each image. */
    static double[] bitsPerDimension(List<Conditionals> evaluated) {
        return evaluated.stream()
                .flatMapToDouble(batch -> IntStream.range(0, batch.count())
                        .mapToDouble(i -> ChainRule.of(batch, i).bitsPerDimension()))
                .toArray();
    }
}
