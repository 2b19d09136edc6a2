package io.surprisal.service;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.InferenceException;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.batch.Batcher;
import io.surprisal.service.batch.Evaluation;
import java.util.concurrent.CountDownLatch;

/** Holds the service's one worker and fills the queue behind it, until closed. */
final class FullQueue implements AutoCloseable {
    private static final int QUEUE_IMAGES = 64;

    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    private FullQueue() {}

    static FullQueue of(Batcher batcher) throws InterruptedException {
        FullQueue full = new FullQueue();
        Evaluation held = full::hold;
        Levels images = Bundles.GREY.clean(QUEUE_IMAGES, 1);
        batcher.submit(held, images.slice(0, 1));
        full.running.await();
        batcher.submit(held, images);
        return full;
    }

    private Conditionals hold(Levels images) {
        running.countDown();
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new InferenceException("released");
    }

    @Override
    public void close() {
        released.countDown();
    }
}
