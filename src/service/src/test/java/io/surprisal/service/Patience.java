package io.surprisal.service;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what has to come, and no longer than it takes. */
public final class Patience {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Patience() {}

    public static void until(String what, BooleanSupplier holds) {
        Instant deadline = Instant.now().plus(LIMIT);
        while (!holds.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("expected within %s: %s".formatted(LIMIT, what));
            }
            LockSupport.parkNanos(5_000_000);
        }
    }
}
