package io.surprisal.service.model;

import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.model.BundleState.Serving;
import io.surprisal.service.model.BundleState.Unloaded;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which bundles there are and which of them serve, at this moment: what {@link ModelRepository} last published, as one unchanging list, so
 * that a request sees all of a change or nothing of it. Thread-safe.
 */
@Singleton
public class ModelCatalogue {
    private static final Comparator<ServedModel> BY_NAME_THEN_HIGHEST_VERSION = Comparator.comparing(
                    (ServedModel model) -> model.manifest().name())
            .thenComparing(
                    Comparator.comparing((ServedModel model) -> model.manifest().version(), new VersionOrder())
                            .reversed());

    private final SurprisalConfig config;
    private volatile Published published = new Published(List.of(), List.of(), false, true);

    /**
     * One moment.
     *
     * @param states where each bundle stands
     * @param served the models among them, by name, each name's highest version first
     * @param settled whether each bundle that was there at the start has been tried
     * @param missing whether a model that was there at the start serves in no version, and not on purpose
     */
    private record Published(List<BundleState> states, List<ServedModel> served, boolean settled, boolean missing) {}

    ModelCatalogue(SurprisalConfig config) {
        this.config = config;
    }

    /** Where each bundle stands, in the order of their folders. Empty until the folders have been looked through. */
    public Collection<BundleState> states() {
        return published.states();
    }

    /** Whether every bundle that was there at the start has been tried, with whatever result. */
    public boolean settled() {
        return published.settled();
    }

    /**
     * Whether every model that was there at the start can answer in some version. One unloaded on purpose does not count, and neither does
     * one that was added since: if it is bad, that must not take the others out of service.
     */
    public boolean ready() {
        Published now = published;
        return now.settled() && !now.served().isEmpty() && !now.missing();
    }

    /** The models that answer requests, by name, each name's highest version first. */
    public List<ServedModel> served() {
        return published.served();
    }

    /**
     * Finds the model for a request.
     *
     * @param name its name; null for the configured default, or the only one there is
     * @param version its version; null for the highest that is served
     * @throws UnknownModelException when there is none of that name and version
     * @throws ModelNotReadyException when there is, and it is loading, refused or unloaded
     */
    public ServedModel select(@Nullable String name, @Nullable String version) {
        Published now = published;
        String wanted = name != null ? name : defaultName(now);
        for (ServedModel model : now.served()) {
            if (model.manifest().name().equals(wanted)
                    && (version == null || model.manifest().version().equals(version))) {
                return model;
            }
        }
        throw absent(now, wanted, version);
    }

    /** Does the same and holds the model, which the caller has to {@linkplain ServedModel#release release}. */
    public ServedModel acquire(@Nullable String name, @Nullable String version) {
        while (true) {
            ServedModel model = select(name, version);
            if (model.hold()) {
                return model;
            }
            // It was let go between the two lines above, which is after something else was published.
            Thread.onSpinWait();
        }
    }

    /**
     * Replaces what is known by a newer state of things.
     *
     * @param late the folders that were not there at the start
     */
    void publish(Collection<BundleState> states, Set<Path> late, boolean settled) {
        List<ServedModel> served = states.stream()
                .flatMap(state -> state instanceof Serving serving ? Stream.of(serving.model()) : Stream.empty())
                .sorted(BY_NAME_THEN_HIGHEST_VERSION)
                .toList();
        Map<String, List<BundleState>> byName = states.stream().collect(Collectors.groupingBy(BundleState::name));
        boolean missing = byName.values().stream()
                .anyMatch(versions -> versions.stream().noneMatch(Serving.class::isInstance)
                        && versions.stream()
                                .anyMatch(state -> !(state instanceof Unloaded) && !late.contains(state.folder())));
        published = new Published(List.copyOf(states), served, settled, missing);
    }

    private String defaultName(Published now) {
        return config.defaultModel().orElseGet(() -> {
            List<String> names = now.served().stream()
                    .map(model -> model.manifest().name())
                    .distinct()
                    .toList();
            return switch (names.size()) {
                case 0 -> throw notReady(now.states());
                case 1 -> names.getFirst();
                default ->
                    throw new UnknownModelException(
                            "expected the name of a model, as there is no default; served are " + names);
            };
        });
    }

    private static RuntimeException absent(Published now, String name, @Nullable String version) {
        List<BundleState> notServing = now.states().stream()
                .filter(state -> !(state instanceof Serving))
                .filter(state -> state.name().equals(name))
                .filter(state -> version == null || state.version().equals(version))
                .toList();
        if (!notServing.isEmpty()) {
            return notReady(notServing);
        }
        String served = now.served().stream()
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
}
