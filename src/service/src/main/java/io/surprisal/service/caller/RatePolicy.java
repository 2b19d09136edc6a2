package io.surprisal.service.caller;

import io.github.bucket4j.Bandwidth;
import io.surprisal.service.config.SurprisalConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * How many requests one caller may make: a bucket holds {@code burst} of them, and gets {@code perSecond} a second back, evenly, up to
 * that many.
 *
 * @param perSecond requests, about one a day to a million a second; may be a fraction
 * @param burst most requests at once, at least 1
 */
public record RatePolicy(double perSecond, int burst) {
    private static final double LEAST_PER_SECOND = 1e-5;
    private static final double MOST_PER_SECOND = 1e6;

    public RatePolicy {
        if (!(perSecond >= LEAST_PER_SECOND && perSecond <= MOST_PER_SECOND)) {
            throw new IllegalArgumentException("expected surprisal.limits.requests-per-second to be %s to %s, found %s"
                    .formatted(LEAST_PER_SECOND, MOST_PER_SECOND, perSecond));
        }
        if (burst < 1) {
            throw new IllegalArgumentException(
                    "expected surprisal.limits.request-burst to be 1 or more, found " + burst);
        }
    }

    /** What the settings say; empty where they set no rate. Left out, the burst is what comes in a second. */
    static Optional<RatePolicy> of(SurprisalConfig.Limits limits) {
        if (limits.requestsPerSecond().isEmpty()) {
            if (limits.requestBurst().isPresent()) {
                throw new IllegalArgumentException(
                        "expected surprisal.limits.requests-per-second beside surprisal.limits.request-burst, found none");
            }
            return Optional.empty();
        }
        double rate = limits.requestsPerSecond().getAsDouble();
        return Optional.of(new RatePolicy(rate, limits.requestBurst().orElseGet(() ->
                (int) Math.max(1, Math.ceil(rate)))));
    }

    /** As a client reads it in {@code RateLimit-Policy}: a quota of requests, and the seconds in which it is given. */
    public String header() {
        return "\"requests\";q=%d;w=%d".formatted(burst, (long) Math.ceil(burst / perSecond));
    }

    Bandwidth bandwidth() {
        return Bandwidth.builder()
                .capacity(burst)
                .refillGreedy(1, Duration.ofNanos(Math.round(1e9 / perSecond)))
                .build();
    }
}
