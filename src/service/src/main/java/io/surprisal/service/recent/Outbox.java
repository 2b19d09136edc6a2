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

    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final BlockingQueue<T> queue;
    private final int together;
    private final Tally tally;
    private final Carrier<T> carrier;
    private final Thread thread;
    private volatile boolean stopping;

    /**
     * Hands things on, and itself counts what has arrived and what has not; on one thread, that of the outbox.
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
     * @param tally of what has no room, and what is left at the end
     */
    public Outbox(String name, int capacity, int together, Tally tally, Carrier<T> carrier) {
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.together = together;
        this.tally = tally;
        this.carrier = carrier;
        this.thread = Thread.ofPlatform().name(name).daemon().start(this::work);
    }

    /** Takes one, and returns at once; it is lost when there is no room, or this has been stopped. */
    public void offer(T one) {
        if (stopping) {
            tally.lost(1, "the service is stopping");
        } else if (!queue.offer(one)) {
            tally.lost(1, "they come faster than they are taken");
        }
    }

    /** Hands on what has been taken, for two seconds at most; what is left then is lost. */
    public void stop() throws InterruptedException {
        stopping = true;
        thread.join(LAST_WORDS);
        List<T> left = new ArrayList<>();
        queue.drainTo(left);
        if (!left.isEmpty()) {
            tally.lost(left.size(), left.size() + " were left when the service stopped");
        }
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
            LOG.errorf(e, "%s: a fault of its own", thread.getName());
            tally.lost(taken.size(), "found " + e);
        }
    }
}
