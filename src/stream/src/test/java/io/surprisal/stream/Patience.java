package io.surprisal.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what has to come, and no longer than it takes. */
final class Patience {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Patience() {}

    static void until(String what, Callable<Boolean> holds) throws Exception {
        Instant deadline = Instant.now().plus(LIMIT);
        while (!holds.call()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("expected within %s: %s".formatted(LIMIT, what));
            }
            LockSupport.parkNanos(20_000_000);
        }
    }
}
