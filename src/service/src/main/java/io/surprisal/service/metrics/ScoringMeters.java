package io.surprisal.service.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How long requests take from being read to having their verdicts, whatever the transport. Thread-safe. */
@Singleton
public class ScoringMeters {
    private final Timer succeeded;
    private final Timer failed;

    ScoringMeters(MeterRegistry registry) {
        this.succeeded = timer(registry, "success");
        this.failed = timer(registry, "failure");
    }

    /** Times from now until the future completes. */
    public <T> CompletableFuture<T> timed(CompletableFuture<T> future) {
        long begun = System.nanoTime();
        future.whenComplete((result, failure) ->
                (failure == null ? succeeded : failed).record(System.nanoTime() - begun, TimeUnit.NANOSECONDS));
        return future;
    }

    /** How many requests were answered, so far. */
    public long answered() {
        return succeeded.count();
    }

    /** How many requests that were answered took at most as long as each of the {@linkplain Latencies#buckets() buckets}, so far. */
    public List<AtMost> latencies() {
        return Arrays.stream(succeeded.takeSnapshot().histogramCounts())
                .map(bucket -> new AtMost(bucket.bucket(TimeUnit.MICROSECONDS) / 1e3, Math.round(bucket.count())))
                .toList();
    }

    /** How many requests took at most so long. */
    public record AtMost(double millis, long requests) {}

    private static Timer timer(MeterRegistry registry, String outcome) {
        return Timer.builder("surprisal.score")
                .description("Time from reading a request to its verdicts")
                .tag("outcome", outcome)
                .serviceLevelObjectives(Latencies.buckets())
                .register(registry);
    }
}
