package io.surprisal.service.gate;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.surprisal.service.metrics.Latencies;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What the gate reports: every ruling, and how long it took. Thread-safe. */
@Singleton
final class GateMeters {
    private final MeterRegistry registry;
    private final Timer time;

    GateMeters(MeterRegistry registry) {
        this.registry = registry;
        this.time = Timer.builder("surprisal.gate")
                .description("Time from having a request to ruling on it")
                .serviceLevelObjectives(Latencies.buckets())
                .register(registry);
    }

    void ruled(Ruling ruling, long nanos) {
        boolean forwarded = ruling instanceof Ruling.Forward;
        Counter.builder("surprisal.gate.requests")
                .description("Requests ruled on")
                .tag("outcome", ruling.outcome().name().toLowerCase(Locale.ROOT))
                .tag("action", forwarded ? "forwarded" : "refused")
                .register(registry)
                .increment();
        time.record(nanos, TimeUnit.NANOSECONDS);
    }
}
