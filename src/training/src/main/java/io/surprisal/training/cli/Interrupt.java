package io.surprisal.training.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C or SIGTERM as a question the training loop asks; the process waits until the loop has saved. */
final class Interrupt {
    private static final long PATIENCE_SECONDS = 60;

    private final CountDownLatch saved = new CountDownLatch(1);
    private volatile boolean requested;

    private Interrupt() {}

    static Interrupt onShutdown() {
        Interrupt interrupt = new Interrupt();
        Runtime.getRuntime().addShutdownHook(new Thread(interrupt::request, "save-checkpoint"));
        return interrupt;
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private void request() {
        requested = true;
        try {
            boolean inTime = saved.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!inTime) {
                System.err.println("gave up waiting for the checkpoint after " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean requested() {
        return requested;
    }

    void done() {
        saved.countDown();
    }
}
