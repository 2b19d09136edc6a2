package io.surprisal.service.bench;

import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** Requests that are due at a fixed rate, wait for a free slot if there is none, and are timed from the moment they were due. */
final class OpenLoop {
    private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Histogram latencies = new Histogram(HIGHEST_NANOS, 3);
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private final ArrayDeque<Long> overdue = new ArrayDeque<>();
    private final long[] due;
    private final int count;
    private final CountDownLatch ended;
    private final AtomicInteger errors = new AtomicInteger();
    private Transport transport = new Unconnected();

    OpenLoop(int slots, int count) {
        this.due = new long[slots];
        this.count = count;
        this.ended = new CountDownLatch(count);
        for (int slot = 0; slot < slots; slot++) {
            free.add(slot);
        }
    }

    void run(Transport connected, double requestsPerSecond) {
        synchronized (this) {
            transport = connected;
        }
        long begun = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long at = begun + (long) (i / requestsPerSecond * 1e9);
            for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            request(at);
        }
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
        latencies.recordValue(Math.min(HIGHEST_NANOS, System.nanoTime() - due[slot]));
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
