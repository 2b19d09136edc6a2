package io.surprisal.service.recent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * A bounded queue, and the thread that hands on what is in it, so that no verdict waits for a disk or a network. Thread-safe.
 *
 * @param <T> what is handed on
 */
public final class Outbox<T> {
    private static final Logger LOG = Logger.getLogger(Outbox.class);

    private final BlockingQueue<T> queue;
    private final int together;
    private final Carrier<T> carrier;
    private final Thread thread;
    private volatile boolean stopping;

    /**
     * Hands things on, and itself counts what it cannot; on one thread, that of the outbox.
     *
     * @param <T> what is handed on
     */
    public interface Carrier<T> extends AutoCloseable {
        /** Hands on at least one, in order; the list is used again afterwards. */
        void carry(List<T> together) throws InterruptedException;

        /** After the last. */
        @Override
        void close();
    }

    /**
     * Begins at once.
     *
     * @param name of its thread
     * @param capacity how many may wait
     * @param together most that are handed on in one go
     */
    public Outbox(String name, int capacity, int together, Carrier<T> carrier) {
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.together = together;
        this.carrier = carrier;
        this.thread = Thread.ofPlatform().name(name).daemon().start(this::work);
    }

    /** Takes one, and returns at once; false when there is no room, or it has been stopped. */
    public boolean offer(T one) {
        return !stopping && queue.offer(one);
    }

    /**
     * Hands on what has been taken, for so long at most.
     *
     * @return how many were left
     */
    public int stop(Duration lastWords) throws InterruptedException {
        stopping = true;
        thread.join(lastWords);
        List<T> left = new ArrayList<>();
        queue.drainTo(left);
        return left.size();
    }

    private void work() {
        List<T> taken = new ArrayList<>(together);
        try (carrier) {
            while (!(stopping && queue.isEmpty())) {
                T first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    taken.add(first);
                    queue.drainTo(taken, together - 1);
                    carry(taken);
                    taken.clear();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a carrier did not foresee costs what it had, and not all that comes after. */
    private void carry(List<T> taken) throws InterruptedException {
        try {
            carrier.carry(taken);
        } catch (RuntimeException e) {
            LOG.errorf(e, "%s: up to %d are lost", thread.getName(), taken.size());
        }
    }
}
