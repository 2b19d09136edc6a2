package io.surprisal.service.health;

import io.surprisal.service.model.ModelCatalogue;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Started when every bundle has been tried, with whatever result: a bundle that is refused is no reason to start the service again. */
@Startup
@Singleton
final class ModelsTried implements HealthCheck {
    private final ModelCatalogue catalogue;

    ModelsTried(ModelCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("models tried")
                .status(catalogue.settled())
                .build();
    }
}
