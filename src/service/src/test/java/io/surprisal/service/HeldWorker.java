package io.surprisal.service;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.InferenceException;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.batch.Batcher;
import io.surprisal.service.batch.Evaluation;
import java.util.concurrent.CountDownLatch;

/** Holds the service's one worker until closed, so that what is submitted meanwhile waits. */
final class HeldWorker implements AutoCloseable {
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final Evaluation evaluation = this::hold;

    private HeldWorker() {}

    static HeldWorker of(Batcher batcher) throws InterruptedException {
        HeldWorker held = next(batcher);
        held.running.await();
        return held;
    }

    /** As soon as the worker is free; does not wait for that. */
    static HeldWorker next(Batcher batcher) {
        HeldWorker held = new HeldWorker();
        batcher.submit(held.evaluation, Bundles.GREY.clean(1, 1));
        return held;
    }

    /** What the worker is held with. */
    Evaluation evaluation() {
        return evaluation;
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
