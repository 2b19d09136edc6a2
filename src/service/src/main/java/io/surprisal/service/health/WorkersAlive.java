package io.surprisal.service.health;

import io.surprisal.service.batch.Batcher;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Lives while the threads that run the models do. */
@Liveness
@Singleton
final class WorkersAlive implements HealthCheck {
    private final Batcher batcher;

    WorkersAlive(Batcher batcher) {
        this.batcher = batcher;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("workers").status(batcher.alive()).build();
    }
}
