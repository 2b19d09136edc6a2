package io.surprisal.service;

import io.restassured.RestAssured;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** Waits for the service under test as a deployment does, by its probes. */
final class Service {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Service() {}

    /** Returns when every bundle has been tried. */
    static void awaitStarted() {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (RestAssured.get("/q/health/started").statusCode() != 200) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("expected the service to start within " + PATIENCE);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }
}
