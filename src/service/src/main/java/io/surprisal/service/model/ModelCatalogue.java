package io.surprisal.service.model;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.surprisal.detector.Detector;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.image.ImageLimits;
import io.surprisal.detector.verdict.Decision;
import io.surprisal.service.batch.Batcher;
import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.metrics.ModelMeters;
import io.surprisal.service.model.BundleState.Loading;
import io.surprisal.service.model.BundleState.Refused;
import io.surprisal.service.model.BundleState.Serving;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The bundles the service was given and which of them serve. They are loaded in the background, one after the other, so that the service
 * can say that it lives while it is not ready. Thread-safe.
 */
@Singleton
public class ModelCatalogue {
    private static final Logger LOG = Logger.getLogger(ModelCatalogue.class);
    private static final Comparator<ServedModel> BY_VERSION =
            Comparator.comparing(model -> model.manifest().version(), new VersionOrder());

    private final SurprisalConfig config;
    private final MeterRegistry registry;
    private final Batcher batcher;
    private final Map<Path, BundleState> states = new ConcurrentSkipListMap<>();
    private volatile boolean searched;

    ModelCatalogue(SurprisalConfig config, MeterRegistry registry, Batcher batcher) {
        this.config = config;
        this.registry = registry;
        this.batcher = batcher;
    }

    /** Where each bundle stands, in the order of their folders. Empty until the folders have been looked through. */
    public Collection<BundleState> states() {
        return List.copyOf(states.values());
    }

    /** Whether every bundle has been tried, with whatever result. */
    public boolean settled() {
        return searched && states().stream().noneMatch(Loading.class::isInstance);
    }

    /** Whether there is a bundle and every one is being served. */
    public boolean ready() {
        return settled() && !states.isEmpty() && states().stream().allMatch(Serving.class::isInstance);
    }

    /** The models that answer requests, by name, each name's highest version first. */
    public List<ServedModel> served() {
        return states().stream()
                .flatMap(state -> state instanceof Serving serving ? Stream.of(serving.model()) : Stream.empty())
                .sorted(Comparator.comparing(
                                (ServedModel model) -> model.manifest().name())
                        .thenComparing(BY_VERSION.reversed()))
                .toList();
    }

    /**
     * Finds the model for a request.
     *
     * @param name its name; null for the configured default, or the only one there is
     * @param version its version; null for the highest that is served
     * @throws UnknownModelException when there is none of that name and version
     * @throws ModelNotReadyException when there is, and it is loading or refused
     */
    public ServedModel select(@Nullable String name, @Nullable String version) {
        String wanted = name != null ? name : defaultName();
        return served().stream()
                .filter(model -> model.manifest().name().equals(wanted))
                .filter(model -> version == null || model.manifest().version().equals(version))
                .findFirst()
                .orElseThrow(() -> absent(wanted, version));
    }

    void load(@Observes StartupEvent start) {
        Thread.ofPlatform().name("surprisal-loader").daemon().start(this::loadAll);
    }

    /** Drains the batcher first: what it still evaluates needs the models. */
    void close(@Observes ShutdownEvent stop) {
        batcher.close();
        served().forEach(ServedModel::close);
    }

    private String defaultName() {
        return config.defaultModel().orElseGet(() -> {
            List<String> names = served().stream()
                    .map(model -> model.manifest().name())
                    .distinct()
                    .toList();
            return switch (names.size()) {
                case 0 -> throw notReady(states());
                case 1 -> names.getFirst();
                default ->
                    throw new UnknownModelException(
                            "expected the name of a model, as there is no default; served are " + names);
            };
        });
    }

    private RuntimeException absent(String name, @Nullable String version) {
        String wanted = version == null ? name + "/" : name + "/" + version;
        List<BundleState> notServing = states().stream()
                .filter(state -> !(state instanceof Serving))
                .filter(state -> (state.label() + "/").startsWith(wanted))
                .toList();
        if (!notServing.isEmpty()) {
            return notReady(notServing);
        }
        String served = served().stream()
                .map(model -> model.manifest().name() + "/" + model.manifest().version())
                .collect(Collectors.joining(", "));
        return new UnknownModelException("no model %s%s; served: %s"
                .formatted(name, version == null ? "" : " version " + version, served.isEmpty() ? "none" : served));
    }

    private static ModelNotReadyException notReady(Collection<BundleState> states) {
        return new ModelNotReadyException(states.stream()
                .map(state -> state.label() + " is " + state.describe())
                .collect(Collectors.joining("; ", "no model is ready: ", "")));
    }

    private void loadAll() {
        for (Path folder : config.models()) {
            find(folder);
        }
        searched = true;
        for (BundleState state : states()) {
            if (state instanceof Loading loading) {
                states.put(loading.folder(), load(loading.folder()));
            }
        }
    }

    private void find(Path folder) {
        try {
            List<Path> bundles = BundleFolders.under(folder);
            bundles.forEach(bundle -> states.put(bundle, new Loading(bundle)));
            if (bundles.isEmpty()) {
                states.put(folder, refused(folder, "expected a bundle or <name>/<version>/bundle.json, found neither"));
            }
        } catch (IOException e) {
            states.put(folder, refused(folder, "expected a folder that can be read, got " + e));
        }
    }

    private BundleState load(Path folder) {
        try {
            // Spinning threads would take the cores that decode and answer.
            Detector detector =
                    Detector.load(folder, new SessionSettings(config.batch().intraOpThreads(), false));
            detector.replayGolden();
            BundleManifest manifest = detector.manifest();
            ServedModel model =
                    new ServedModel(detector, decision(detector.defaultDecision()), reader(manifest), meters(manifest));
            LOG.infof("serving %s/%s from %s", manifest.name(), manifest.version(), folder);
            return new Serving(folder, model);
        } catch (RuntimeException e) {
            return refused(folder, e.getMessage() == null ? e.toString() : e.getMessage());
        }
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

    private ModelMeters meters(BundleManifest manifest) {
        return new ModelMeters(registry, manifest.name(), manifest.version());
    }

    private static Refused refused(Path folder, String reason) {
        LOG.errorf("refused %s: %s", folder, reason);
        return new Refused(folder, reason);
    }
}
