package io.surprisal.evaluation.score;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * One Java thread a core. ONNX Runtime and libtorch run each call on a single thread: many calls at once give more images a second
 * than many threads in one call, and stay fast on a machine that has other work.
 */
public final class Workers implements AutoCloseable {
    private final ExecutorService threads;

    /** @param threads at least 1 */
    public Workers(int threads) {
        this.threads = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("worker-", 0).factory());
    }

    /**
     * Runs tasks at once, and hands their results over in order, on the calling thread. After a failure the tasks that have not begun
     * never do.
     *
     * @throws RuntimeException the first failure, as it was
     */
    public <T> void run(List<Callable<T>> tasks, Consumer<T> results) {
        List<Future<T>> futures = tasks.stream().map(threads::submit).toList();
        try {
            for (Future<T> future : futures) {
                results.accept(future.get());
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException("a task failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a task", e);
        } finally {
            futures.forEach(future -> future.cancel(false));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
