package io.surprisal.service.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
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
    private Load() {}

    /** Makes the transport that a test sends on, given what to tell of each answer. */
    @FunctionalInterface
    interface Connector {
        Transport connect(int slots, Transport.Completion completion) throws IOException, InterruptedException;
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
        CountDownLatch ended = new CountDownLatch(slots);
        Transport[] transport = new Transport[1];
        AtomicLong end = new AtomicLong();
        Transport.Completion again = (slot, ok) -> {
            (ok ? answered : errors).increment();
            if (System.nanoTime() < end.get()) {
                send(transport[0], slot);
            } else {
                ended.countDown();
            }
        };
        try (Transport connected = connector.connect(slots, again)) {
            transport[0] = connected;
            long begun = System.nanoTime();
            end.set(begun + duration.toNanos());
            for (int slot = 0; slot < slots; slot++) {
                connected.send(slot);
            }
            await(ended, duration);
            return new Throughput(answered.sum(), errors.sum(), (System.nanoTime() - begun) / 1e9);
        }
    }

    /** Runs an open loop and gives the latencies in nanoseconds; throws when a request fails. */
    static Histogram openLoop(Connector connector, int slots, double requestsPerSecond, Duration duration)
            throws IOException, InterruptedException {
        int count = (int) Math.max(1, requestsPerSecond * duration.toNanos() / 1e9);
        OpenLoop loop = new OpenLoop(slots, count);
        try (Transport connected = connector.connect(slots, loop::answered)) {
            loop.run(connected, requestsPerSecond);
            await(loop.ended(), duration);
        }
        if (loop.errors() > 0) {
            throw new IllegalStateException("expected every request to be answered with verdicts, %d of %d were not"
                    .formatted(loop.errors(), count));
        }
        return loop.latencies();
    }

    /** Closed loops, busy and idle, until so many requests are answered; throws when one fails. */
    static void warmUp(Connector connector, long requests) throws IOException, InterruptedException {
        for (long answered = 0; answered < requests; ) {
            answered += flawless(connector, 8, Duration.ofSeconds(4)).requests();
            answered += flawless(connector, 1, Duration.ofSeconds(1)).requests();
        }
    }

    /** Runs a closed loop; throws when a request fails. */
    static Throughput flawless(Connector connector, int slots, Duration duration)
            throws IOException, InterruptedException {
        Throughput throughput = closedLoop(connector, slots, duration);
        if (throughput.errors() > 0 || throughput.requests() == 0) {
            throw new IllegalStateException(
                    "expected every request to be answered with verdicts, %d were not".formatted(throughput.errors()));
        }
        return throughput;
    }

    static void send(Transport transport, int slot) {
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
