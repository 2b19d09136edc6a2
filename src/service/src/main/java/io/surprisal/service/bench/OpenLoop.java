package io.surprisal.service.bench;

import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Requests that are due at a fixed rate, wait for a free slot if there is none, and are timed from the moment they were due; the first
 * ones, if asked for, are sent and not recorded.
 */
final class OpenLoop {
    private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Histogram latencies = new Histogram(HIGHEST_NANOS, 3);
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private final ArrayDeque<Long> overdue = new ArrayDeque<>();
    private final long[] due;
    private final int unrecorded;
    private final int count;
    private final CountDownLatch ended;
    private final AtomicInteger errors = new AtomicInteger();
    private Transport transport = new Unconnected();
    private long recordedFrom;

    /** Sends {@code count} requests, of which it leaves out the first {@code unrecorded} from the latencies. */
    OpenLoop(int slots, int unrecorded, int count) {
        this.due = new long[slots];
        this.unrecorded = unrecorded;
        this.count = count;
        this.ended = new CountDownLatch(count);
        for (int slot = 0; slot < slots; slot++) {
            free.add(slot);
        }
    }

    void run(Transport connected, double requestsPerSecond) {
        long begun = System.nanoTime();
        synchronized (this) {
            transport = connected;
            recordedFrom = due(begun, unrecorded, requestsPerSecond);
        }
        for (int i = 0; i < count; i++) {
            long at = due(begun, i, requestsPerSecond);
            for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            request(at);
        }
    }

    private static long due(long begun, int request, double requestsPerSecond) {
        return begun + (long) (request / requestsPerSecond * 1e9);
    }

    private synchronized void request(long at) {
        Integer slot = free.poll();
        if (slot == null) {
            overdue.add(at);
        } else {
            due[slot] = at;
            Load.send(transport, slot);
        }
    }

    synchronized void answered(int slot, boolean ok) {
        if (due[slot] - recordedFrom >= 0) {
            latencies.recordValue(Math.min(HIGHEST_NANOS, System.nanoTime() - due[slot]));
        }
        if (!ok) {
            errors.incrementAndGet();
        }
        Long waiting = overdue.poll();
        if (waiting == null) {
            free.add(slot);
        } else {
            due[slot] = waiting;
            Load.send(transport, slot);
        }
        ended.countDown();
    }

    /** Open until every request is answered. */
    CountDownLatch ended() {
        return ended;
    }

    /** Requests answered without verdicts. */
    int errors() {
        return errors.get();
    }

    /** Nanoseconds from due to answered. */
    Histogram latencies() {
        return latencies;
    }

    private static final class Unconnected implements Transport {
        @Override
        public void send(int slot) {
            throw new IllegalStateException("expected a transport before the first request");
        }

        @Override
        public void close() {}
    }
}
