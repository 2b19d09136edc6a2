package io.surprisal.service.caller;

import java.time.Duration;

/** A caller makes more requests than one may; trying again later helps. */
public final class RateExceededException extends RuntimeException {
    private final RatePolicy policy;
    private final Duration retryAfter;

    RateExceededException(RatePolicy policy, Duration retryAfter) {
        super("expected at most %s requests a second of one caller, and at most %d at once; this is one more"
                .formatted(policy.perSecond(), policy.burst()));
        this.policy = policy;
        this.retryAfter = retryAfter;
    }

    /** How many requests a caller may make. */
    public RatePolicy policy() {
        return policy;
    }

    /** When the next request is taken. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
