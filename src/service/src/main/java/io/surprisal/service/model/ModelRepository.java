package io.surprisal.service.model;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.surprisal.service.batch.Batcher;
import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.model.BundleState.Loading;
import io.surprisal.service.model.BundleState.Refused;
import io.surprisal.service.model.BundleState.Serving;
import io.surprisal.service.model.BundleState.Unloaded;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is served in step with what lies in the folders: at the start, when they change, and when it is asked to.
 *
 * <p>One thread does it all, one bundle after the other. A bundle takes traffic only after it has been verified and warmed, at one moment
 * and for whole requests; what it replaces answers the requests it has taken and is then closed. One that breaks the contract is refused
 * with its reason, and what served before serves on. Thread-safe.
 */
@Singleton
public class ModelRepository {
    private static final Logger LOG = Logger.getLogger(ModelRepository.class);
    private static final Comparator<Entry> HIGHEST_VERSION_FIRST = Comparator.comparing(
                    (Entry entry) -> entry.state.version(), new VersionOrder())
            .reversed();

    private final SurprisalConfig config;
    private final BundleLoader loader;
    private final ModelCatalogue catalogue;
    private final Batcher batcher;
    private final RepositoryPolicies policies;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("surprisal-loader").daemon().factory());

    // What follows belongs to the thread above.
    private final Map<Path, Entry> entries = new TreeMap<>();
    private final Set<String> unloaded = new HashSet<>();
    private final Set<Path> late = new HashSet<>();
    private List<Refused> faults = List.of();
    private boolean settled;

    /** A bundle's folder, and what became of it. */
    private static final class Entry {
        private BundleState state;
        private Fingerprint seen;
        private @Nullable Fingerprint tried;

        Entry(BundleState state, Fingerprint seen) {
            this.state = state;
            this.seen = seen;
        }
    }

    ModelRepository(SurprisalConfig config, BundleLoader loader, ModelCatalogue catalogue, Batcher batcher) {
        this.config = config;
        this.loader = loader;
        this.catalogue = catalogue;
        this.batcher = batcher;
        this.policies = RepositoryPolicies.of(config.repository());
    }

    void start(@Observes StartupEvent start) {
        thread.execute(() -> update(entry -> true));
        Duration interval = config.repository().pollInterval();
        if (!interval.isZero()) {
            thread.scheduleWithFixedDelay(
                    () -> update(entry -> false), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Drains the batcher first: what it still evaluates needs the models. */
    void stop(@Observes ShutdownEvent stop) {
        thread.shutdownNow();
        batcher.close();
        catalogue.served().forEach(ServedModel::close);
    }

    /**
     * Loads what has changed of a model, or all of it after it was unloaded; completes when every version has been tried.
     *
     * @return fails with {@link UnknownModelException} when there is no such model, and with {@link BundleRefusedException} when one of its
     *     bundles breaks the contract
     */
    public CompletableFuture<Void> load(String name) {
        return asked(() -> {
            boolean wasUnloaded = unloaded.remove(name);
            List<BundleState> states = update(entry -> entry.state.name().equals(name));
            List<BundleState> own =
                    states.stream().filter(state -> state.name().equals(name)).toList();
            if (own.isEmpty()) {
                if (wasUnloaded) {
                    unloaded.add(name);
                }
                throw new UnknownModelException("no model %s in the repository".formatted(name));
            }
            String refused = own.stream()
                    .filter(state ->
                            state instanceof Refused || state instanceof Serving serving && serving.refusal() != null)
                    .map(state -> state.label() + " is " + state.describe())
                    .collect(Collectors.joining("; "));
            if (!refused.isEmpty()) {
                throw new BundleRefusedException(refused);
            }
        });
    }

    /**
     * Takes all versions of a model out of service, until it is loaded again; completes when requests no longer find it.
     *
     * @return fails with {@link UnknownModelException} when there is no such model
     */
    public CompletableFuture<Void> unload(String name) {
        return asked(() -> {
            if (entries.values().stream().noneMatch(entry -> entry.state.name().equals(name))) {
                throw new UnknownModelException("no model %s in the repository".formatted(name));
            }
            unloaded.add(name);
            update(entry -> false);
        });
    }

    private CompletableFuture<Void> asked(Runnable change) {
        if (!config.repository().control()) {
            return CompletableFuture.failedFuture(new RepositoryClosedException(
                    "loading and unloading on request is switched off; surprisal.repository.control=true allows it"));
        }
        return CompletableFuture.runAsync(change, thread);
    }

    /**
     * Brings everything in step.
     *
     * @param atOnce which bundles are tried as they are; others once their files have not changed since the last look, so that one that is
     *     being copied is not read half
     */
    private List<BundleState> update(Predicate<Entry> atOnce) {
        try {
            RepositoryFolders folders = RepositoryFolders.scan(config.models());
            Set<Path> still = look(folders);
            Map<String, List<Entry>> byName = entries.values().stream()
                    .filter(entry -> folders.holds(entry.state.folder()))
                    .collect(Collectors.groupingBy(entry -> entry.state.name(), TreeMap::new, Collectors.toList()));
            byName.forEach((name, versions) -> {
                versions.sort(HIGHEST_VERSION_FIRST);
                update(name, versions, entry -> atOnce.test(entry) || still.contains(entry.state.folder()));
            });
            settled = true;
            forget(folders);
            publish();
        } catch (RuntimeException e) {
            LOG.error("could not look through the model folders", e);
        }
        return List.copyOf(catalogue.states());
    }

    /** Notes what is there now, and gives the folders whose files are as they were at the last look. */
    private Set<Path> look(RepositoryFolders folders) {
        Set<Path> still = new HashSet<>();
        folders.bundles().forEach((folder, fingerprint) -> {
            Entry known = entries.get(folder);
            if (known == null) {
                entries.put(folder, new Entry(new Loading(folder), fingerprint));
                if (settled) {
                    late.add(folder);
                }
            } else if (known.seen.equals(fingerprint)) {
                still.add(folder);
            } else {
                known.seen = fingerprint;
            }
        });
        folders.faults().values().stream()
                .filter(fault -> !faults.contains(fault))
                .forEach(fault -> LOG.errorf("refused %s: %s", fault.folder(), fault.reason()));
        faults = List.copyOf(folders.faults().values());
        publish();
        return still;
    }

    /** Lets go what is no longer there: last, so that what takes its place serves by then. */
    private void forget(RepositoryFolders folders) {
        for (Entry entry : List.copyOf(entries.values())) {
            Path folder = entry.state.folder();
            if (!folders.holds(folder)) {
                LOG.infof("%s is gone from %s", entry.state.label(), folder);
                entries.remove(folder);
                late.remove(folder);
                publish();
                release(entry.state);
            }
        }
    }

    private void update(String name, List<Entry> versions, Predicate<Entry> ripe) {
        VersionPolicy policy = policies.of(name);
        int serving = 0;
        for (Entry entry : versions) {
            String unwanted = unloaded.contains(name)
                    ? "on request"
                    : !policy.admits(entry.state.version()) || serving == policy.most()
                            ? "version policy " + policy.describe()
                            : null;
            if (unwanted != null) {
                unload(entry, unwanted);
            } else if (ripe.test(entry) && !entry.seen.equals(entry.tried)) {
                load(entry);
            }
            serving += entry.state instanceof Serving ? 1 : 0;
        }
    }

    private void load(Entry entry) {
        Path folder = entry.state.folder();
        BundleState before = entry.state;
        entry.tried = entry.seen;
        try {
            ServedModel model = loader.load(folder);
            entry.state = new Serving(folder, model, null);
            LOG.infof("serving %s from %s", entry.state.label(), folder);
            publish();
            release(before);
        } catch (RuntimeException e) {
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            LOG.errorf("refused %s: %s", folder, reason);
            entry.state = before instanceof Serving serving
                    ? new Serving(folder, serving.model(), reason)
                    : new Refused(folder, reason);
            publish();
        }
    }

    private void unload(Entry entry, String reason) {
        BundleState before = entry.state;
        if (before instanceof Unloaded(Path folder, String known) && known.equals(reason)) {
            return;
        }
        entry.state = new Unloaded(before.folder(), reason);
        entry.tried = null;
        publish();
        if (before instanceof Serving) {
            LOG.infof("unloaded %s: %s", before.label(), reason);
        }
        release(before);
    }

    /** A folder that cannot be read any more is a fault only where nothing is served from it. */
    private void publish() {
        Map<Path, BundleState> states = new TreeMap<>();
        faults.forEach(fault -> states.put(fault.folder(), fault));
        entries.forEach((folder, entry) -> {
            states.keySet().removeIf(root -> folder.startsWith(root) && !entries.containsKey(root));
            states.put(folder, entry.state);
        });
        catalogue.publish(states.values(), late, settled);
    }

    private static void release(BundleState state) {
        if (state instanceof Serving serving) {
            serving.model().release();
        }
    }
}
