package io.surprisal.service.model;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.surprisal.detector.Detector;
import io.surprisal.detector.bundle.BundleException;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.bundle.TrustedKeys;
import io.surprisal.detector.density.InferenceException;
import io.surprisal.detector.drift.DriftDetector;
import io.surprisal.detector.image.ImageLimits;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.verdict.Decision;
import io.surprisal.service.config.EmptySettings;
import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.metrics.MeterLeases;
import io.surprisal.service.metrics.ModelMeters;
import io.surprisal.service.recent.DecisionLog;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * A folder in, a model that may take traffic out: every clause of the contract holds, the golden images gave their values, and it is
 * warm. Thread-safe.
 */
@Singleton
class BundleLoader {
    private static final Logger LOG = Logger.getLogger(BundleLoader.class);

    private static final String OPEN = "surprisal.models.open";

    private final SurprisalConfig config;
    private final ModelRuntime runtime;
    private final TrustedKeys keys;
    private final MeterRegistry registry;
    private final Event<DriftNoticed> drift;
    private final DecisionLog log;
    private final MeterLeases leases;
    private final Counter loaded;
    private final Counter refused;
    private final AtomicInteger open = new AtomicInteger();

    BundleLoader(
            SurprisalConfig config,
            ModelRuntime runtime,
            MeterRegistry registry,
            Event<DriftNoticed> drift,
            DecisionLog log) {
        this.config = config;
        this.runtime = runtime;
        EmptySettings.refuse("surprisal.repository.trusted-keys");
        this.keys = config.repository().trustedKeys().map(TrustedKeys::of).orElseGet(TrustedKeys::none);
        this.registry = registry;
        this.drift = drift;
        this.log = log;
        this.leases = new MeterLeases(registry);
        this.loaded = loads(registry, "loaded");
        this.refused = loads(registry, "refused");
        // A service that is started again in one JVM, by tests or by Quarkus' development mode, would go on showing the
        // old number.
        registry.find(OPEN).meters().forEach(registry::remove);
        Gauge.builder(OPEN, open, AtomicInteger::get)
                .description("Models in memory: those that serve, and those that still answer what they have taken")
                .register(registry);
    }

    /**
     * Loads, verifies and warms a bundle.
     *
     * @throws BundleException with the clause of the contract that is broken
     */
    ServedModel load(Path folder) {
        try {
            ServedModel model = verified(folder);
            open.incrementAndGet();
            loaded.increment();
            return model;
        } catch (RuntimeException e) {
            refused.increment();
            throw e;
        }
    }

    private ServedModel verified(Path folder) {
        Detector detector = Detector.load(folder, runtime.settings(), keys);
        BundleManifest manifest = detector.manifest();
        Runnable lease = leases.lease(manifest.name(), manifest.version());
        try {
            detector.replayGolden();
            warm(detector);
            Decision decision = decision(detector.defaultDecision());
            detector.require(decision); // before the watch takes the place of the one that serves
            runtime.placed(manifest, detector.placement());
            return new ServedModel(
                    folder,
                    detector,
                    decision,
                    reader(manifest),
                    new ModelMeters(
                            registry,
                            manifest.name(),
                            manifest.version(),
                            detector.calibration().names()),
                    drift(detector, decision),
                    log,
                    () -> {
                        lease.run();
                        open.decrementAndGet();
                    });
        } catch (RuntimeException e) {
            lease.run();
            detector.close();
            throw e;
        }
    }

    /** A calibration of fewer images than the test needs is not watched: nothing could be promised. */
    private Optional<DriftWatch> drift(Detector detector, Decision decision) {
        double imagesPerFalseAlarm = config.drift().imagesPerFalseAlarm();
        int references = detector.ranks().of(decision.statistic()).size();
        if (imagesPerFalseAlarm == 0 || references < DriftDetector.LEAST_REFERENCES) {
            return Optional.empty();
        }
        return Optional.of(new DriftWatch(
                detector.manifest(),
                detector.ranks(),
                decision.statistic(),
                imagesPerFalseAlarm,
                registry,
                drift::fireAsync));
    }

    /**
     * Runs the smallest and the largest batch there will be, and on a device each size of batch, so that the first callers do not wait for
     * memory to be laid out; but not as many images as the golden ones were, which have been run.
     */
    private void warm(Detector detector) {
        BundleManifest manifest = detector.manifest();
        int most = config.batch().maxImages();
        IntStream sizes = detector.placement().provider().onDevice()
                ? IntStream.iterate(1, size -> size < 2 * most, size -> 2 * size)
                : IntStream.of(1, most).distinct();
        sizes.filter(images -> images == 1 || images != detector.goldenImages()).forEach(images -> {
            byte[] black = new byte[images * manifest.shape().dimensions()];
            Levels levels = Levels.of(manifest.shape(), manifest.levels(), images, black);
            try {
                detector.examine(levels, detector.defaultDecision());
                if (detector.cascade().isPresent()) {
                    detector.evaluateByModel(levels); // a screen may be sure of black
                }
            } catch (InferenceException e) {
                // What it says of black images is no clause of the contract.
                LOG.debugf("could not warm %s/%s: %s", manifest.name(), manifest.version(), e.getMessage());
            }
        });
    }

    private static Counter loads(MeterRegistry registry, String outcome) {
        return Counter.builder("surprisal.models.loads")
                .description("Bundles that were tried")
                .tag("outcome", outcome)
                .register(registry);
    }

    private Decision decision(Decision fallback) {
        return new Decision(
                config.decision().statistic().orElse(fallback.statistic()),
                config.decision().falsePositiveRate().orElse(fallback.falsePositiveRate()));
    }

    private ImageReader reader(BundleManifest manifest) {
        SurprisalConfig.Limits limits = config.limits();
        return new ImageReader(
                manifest.shape(),
                manifest.levels(),
                new ImageLimits(limits.imageBytes().asLongValue(), limits.imageSide(), limits.imagePixels()));
    }
}
