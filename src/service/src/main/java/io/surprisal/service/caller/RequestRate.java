package io.surprisal.service.caller;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.SynchronizationStrategy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.surprisal.service.config.SurprisalConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts the requests of each caller against {@code surprisal.limits.requests-per-second}: a bucket of tokens a caller, of which a request
 * takes one. Callers are those of {@link Callers}, so that whoever nobody knows is one caller.
 *
 * <p>At most {@value #MOST_CALLERS} callers are kept apart. One more takes the place of the one that has not called for longest, whose
 * bucket is full when it comes back; so whoever has that many addresses is limited by the queue alone. Thread-safe; never waits.
 */
@Singleton
@Startup // a rate that is none stops the service at its start, and not at its first request
public final class RequestRate {
    static final int MOST_CALLERS = 16_384;

    private final @Nullable RatePolicy policy;
    private final TimeMeter clock;
    private final Counter refused;
    /** In the order of their last request. */
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST_CALLERS;
        }
    };

    @Inject
    RequestRate(SurprisalConfig config, MeterRegistry registry) {
        this(RatePolicy.of(config.limits()), TimeMeter.SYSTEM_NANOTIME, registry);
    }

    /** @param policy empty: nothing is refused */
    RequestRate(Optional<RatePolicy> policy, TimeMeter clock, MeterRegistry registry) {
        this.policy = policy.orElse(null);
        this.clock = clock;
        this.refused = Counter.builder("surprisal.requests.limited")
                .description("Requests refused since their caller makes too many")
                .register(registry);
    }

    /**
     * Takes a request of a caller.
     *
     * @throws RateExceededException when it makes too many; it takes nothing then
     */
    public void take(String caller) {
        if (policy == null) {
            return;
        }
        ConsumptionProbe taken = take(caller, policy);
        if (!taken.isConsumed()) {
            refused.increment();
            throw new RateExceededException(policy, Duration.ofNanos(taken.getNanosToWaitForRefill()));
        }
    }

    private synchronized ConsumptionProbe take(String caller, RatePolicy policy) {
        return buckets.computeIfAbsent(caller, unknown -> full(policy)).tryConsumeAndReturnRemaining(1);
    }

    private Bucket full(RatePolicy policy) {
        return Bucket.builder()
                .addLimit(policy.bandwidth())
                .withCustomTimePrecision(clock)
                // The lock of the map is a bucket's too.
                .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                .build();
    }

    /** How many callers are kept apart now. */
    synchronized int callers() {
        return buckets.size();
    }
}
