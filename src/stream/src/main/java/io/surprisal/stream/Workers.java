package io.surprisal.stream;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Images to outcomes on all cores: as many threads as there are workers, each with one run of the model at a time. Thread-safe. */
@Singleton
class Workers {
    private final ImageJudge judge;
    private final int maxImages;
    private final ExecutorService threads;

    Workers(StreamConfig config, LoadedModel model) {
        this.judge = model.judge();
        this.maxImages = config.batch().maxImages();
        int workers = config.batch().workers();
        if (maxImages < 1) {
            throw new IllegalArgumentException(
                    "expected surprisal.batch.max-images to be 1 or more, found " + maxImages);
        }
        if (workers < 0) {
            throw new IllegalArgumentException("expected surprisal.batch.workers to be 0 or more, found " + workers);
        }
        this.threads = Executors.newFixedThreadPool(
                workers == 0 ? Runtime.getRuntime().availableProcessors() : workers,
                Thread.ofPlatform().name("surprisal-worker-", 0).daemon().factory());
    }

    /** Begins at once and does not wait; each future has the outcomes of the images after those of the future before it. */
    List<Future<List<Outcome>>> judge(List<Image> images) {
        List<Future<List<Outcome>>> runs = new ArrayList<>();
        for (int from = 0; from < images.size(); from += maxImages) {
            List<Image> run = images.subList(from, Math.min(from + maxImages, images.size()));
            runs.add(threads.submit(() -> judge.judge(run)));
        }
        return runs;
    }

    @PreDestroy
    void close() {
        threads.shutdownNow();
    }
}
