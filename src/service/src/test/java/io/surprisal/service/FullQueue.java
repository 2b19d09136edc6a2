package io.surprisal.service;

import io.surprisal.service.batch.Batcher;

/** Holds the service's one worker and fills the queue behind it, until closed. */
final class FullQueue implements AutoCloseable {
    private static final int QUEUE_IMAGES = 64;

    private final Batcher batcher;
    private final HeldWorker worker;

    private FullQueue(Batcher batcher, HeldWorker worker) {
        this.batcher = batcher;
        this.worker = worker;
    }

    static FullQueue of(Batcher batcher) throws InterruptedException {
        HeldWorker worker = HeldWorker.of(batcher);
        batcher.submit(worker.evaluation(), Bundles.GREY.clean(QUEUE_IMAGES, 1));
        return new FullQueue(batcher, worker);
    }

    /** Waits until there is room again. */
    @Override
    public void close() {
        worker.close();
        Patience.until("what waits to be gone", () -> batcher.waiting() == 0);
    }
}
