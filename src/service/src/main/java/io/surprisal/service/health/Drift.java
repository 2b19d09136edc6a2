package io.surprisal.service.health;

import io.smallrye.health.api.Wellness;
import io.surprisal.service.model.ModelCatalogue;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Whether images are still those of each model's calibration, as data ({@code /q/health/well}). Up in any case: drift is a reason to look,
 * and neither starting again nor sending requests elsewhere makes it go away.
 */
@Wellness
@Singleton
final class Drift implements HealthCheck {
    private final ModelCatalogue catalogue;

    Drift(ModelCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("drift").up();
        catalogue
                .served()
                .forEach(model -> response.withData(
                        model.manifest().name() + "/" + model.manifest().version(), model.drift()));
        return response.build();
    }
}
