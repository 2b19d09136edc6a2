package io.surprisal.service.health;

import io.surprisal.service.model.BundleState;
import io.surprisal.service.model.ModelCatalogue;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready when every bundle is served, which means that its golden images gave their values; the data say how each one stands. */
@Readiness
@Singleton
final class ModelsReady implements HealthCheck {
    private final ModelCatalogue catalogue;

    ModelsReady(ModelCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("models").status(catalogue.ready());
        for (BundleState state : catalogue.states()) {
            response.withData(state.label(), state.describe());
        }
        return response.build();
    }
}
