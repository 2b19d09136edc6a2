package io.surprisal.service.metrics;

import java.time.Duration;
import java.util.stream.LongStream;

/** The buckets of every latency: from a quarter of a millisecond, which no model of use beats, to what no caller waits for. */
public final class Latencies {
    private static final long[] MICROSECONDS = {
        250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000
    };

    private Latencies() {}

    /** Upper bounds, ascending. */
    public static Duration[] buckets() {
        return LongStream.of(MICROSECONDS)
                .mapToObj(micros -> Duration.ofNanos(1_000 * micros))
                .toArray(Duration[]::new);
    }
}
