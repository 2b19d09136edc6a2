package io.surprisal.service;

import io.surprisal.service.batch.Batcher;
import io.surprisal.service.caller.Claim;

/** Holds the service's one worker and fills the queue behind it, until closed. */
final class FullQueue implements AutoCloseable {
    private static final int QUEUE_IMAGES = 64;

    private final Batcher batcher;
    private final HeldWorker worker;

    private FullQueue(Batcher batcher, HeldWorker worker) {
        this.batcher = batcher;
        this.worker = worker;
    }

    /** Of one request. */
    static FullQueue of(Batcher batcher) throws InterruptedException {
        HeldWorker worker = HeldWorker.of(batcher);
        batcher.submit(worker.evaluation(), Bundles.GREY.clean(QUEUE_IMAGES, 1));
        return new FullQueue(batcher, worker);
    }

    /** Of requests with one image each, all of one caller. */
    static FullQueue of(Batcher batcher, Claim claim) throws InterruptedException {
        HeldWorker worker = HeldWorker.of(batcher);
        for (int image = 0; image < QUEUE_IMAGES; image++) {
            batcher.submit(worker.evaluation(), Bundles.GREY.clean(1, 1), claim);
        }
        return new FullQueue(batcher, worker);
    }

    /** Waits until there is room again. */
    @Override
    public void close() {
        worker.close();
        Patience.until("what waits to be gone", () -> batcher.waiting() == 0);
    }
}
