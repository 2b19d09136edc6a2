package io.surprisal.service.model;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.density.Accelerator;
import io.surprisal.detector.density.InferenceException;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.Placement;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.service.config.SurprisalConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Where models are to run, and where they do. Thread-safe. */
@Singleton
final class ModelRuntime {
    private static final Logger LOG = Logger.getLogger(ModelRuntime.class);

    /** Before models are loaded, each of which would be refused. */
    private static final int BEFORE_THE_MODELS = 1;

    private final SessionSettings settings;
    private final MeterRegistry registry;
    private final Set<Placement> said = ConcurrentHashMap.newKeySet();

    ModelRuntime(SurprisalConfig config, MeterRegistry registry) {
        SurprisalConfig.Runtime runtime = config.runtime();
        long memory = runtime.deviceMemory().map(size -> size.asLongValue()).orElse(0L);
        // Spinning threads would take the cores that decode and answer.
        this.settings = new SessionSettings(
                config.batch().intraOpThreads(), false, new Accelerator(runtime.provider(), runtime.device(), memory));
        this.registry = registry;
    }

    /** A device that was asked for has to be there: on the processor the service would be up, and a hundred times too slow. */
    void check(@Observes @Priority(BEFORE_THE_MODELS) StartupEvent start) {
        if (!settings.accelerator().provider().onDevice()) {
            return;
        }
        try {
            OnnxDensityModel.probe(settings);
        } catch (InferenceException e) {
            throw new IllegalArgumentException("surprisal.runtime.provider: " + e.getMessage(), e);
        }
    }

    /** For each session. */
    SessionSettings settings() {
        return settings;
    }

    /** Says where a model runs. */
    void placed(BundleManifest manifest, Placement placement) {
        if (said.add(placement)) { // once, and not with each new version
            LOG.infof(
                    "%s/%s runs on %s: %s",
                    manifest.name(), manifest.version(), placement.provider(), placement.reason());
        }
        Counter.builder("surprisal.models.placed")
                .description("Models that were loaded, by what they run on")
                .tag("wanted", settings.accelerator().provider().name().toLowerCase(Locale.ROOT))
                .tag("provider", placement.provider().name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
    }
}
