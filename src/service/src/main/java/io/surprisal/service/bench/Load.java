package io.surprisal.service.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Load on a transport, in two ways.
 *
 * <ul>
 *   <li><b>Closed loop</b>: each slot sends its next request when its last is answered. It measures throughput, and says nothing honest
 *       of latency, since a slow answer keeps the next request from being sent.
 *   <li><b>Open loop</b>: requests are due at a fixed rate whatever the service does, wait for a free slot if there is none, and their
 *       latency counts from the moment they were due: no coordinated omission.
 * </ul>
 */
final class Load {
    private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(5);

    private Load() {}

    /** Makes the transport that a test sends on, given what to tell of each answer. */
    @FunctionalInterface
    interface Connector {
        Transport connect(int slots, Transport.Completion completion) throws IOException;
    }

    /**
     * What a closed loop gave.
     *
     * @param requests answered with verdicts
     * @param errors answered otherwise
     */
    record Throughput(long requests, long errors, double seconds) {
        double requestsPerSecond() {
            return requests / seconds;
        }
    }

    /** Runs a closed loop. */
    static Throughput closedLoop(Connector connector, int slots, Duration duration)
            throws IOException, InterruptedException {
        LongAdder answered = new LongAdder();
        LongAdder errors = new LongAdder();
        long begun = System.nanoTime();
        long end = begun + duration.toNanos();
        CountDownLatch ended = new CountDownLatch(slots);
        Transport[] transport = new Transport[1];
        Transport.Completion again = (slot, ok) -> {
            (ok ? answered : errors).increment();
            if (System.nanoTime() < end) {
                send(transport[0], slot);
            } else {
                ended.countDown();
            }
        };
        try (Transport connected = connector.connect(slots, again)) {
            transport[0] = connected;
            for (int slot = 0; slot < slots; slot++) {
                connected.send(slot);
            }
            await(ended, duration);
        }
        return new Throughput(answered.sum(), errors.sum(), (System.nanoTime() - begun) / 1e9);
    }

    /** Runs an open loop and gives the latencies in nanoseconds; throws when a request fails. */
    static Histogram openLoop(Connector connector, int slots, double requestsPerSecond, Duration duration)
            throws IOException, InterruptedException {
        int count = (int) Math.max(1, requestsPerSecond * duration.toNanos() / 1e9);
        OpenLoop loop = new OpenLoop(slots, count);
        try (Transport connected = connector.connect(slots, loop::answered)) {
            loop.run(connected, requestsPerSecond);
            await(loop.ended, duration);
        }
        if (loop.errors.get() > 0) {
            throw new IllegalStateException("expected every request to be answered with verdicts, %d of %d were not"
                    .formatted(loop.errors.get(), count));
        }
        return loop.latencies;
    }

    private static final class OpenLoop {
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

        private synchronized void answered(int slot, boolean ok) {
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
    }

    private static final class Unconnected implements Transport {
        @Override
        public void send(int slot) {
            throw new IllegalStateException("expected a transport before the first request");
        }

        @Override
        public void close() {}
    }

    private static void send(Transport transport, int slot) {
        try {
            transport.send(slot);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(CountDownLatch ended, Duration duration) throws InterruptedException {
        long patience = duration.toSeconds() + 60;
        if (!ended.await(patience, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    "expected every answer within %d s, %d are missing".formatted(patience, ended.getCount()));
        }
    }
}
