package io.surprisal.service.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who reports to the meters of a model's version. They leave the registry with the last of them: a service that is given a new version
 * every day would otherwise show all it ever had. A version that is loaded again before the old one is gone keeps its meters.
 * Thread-safe.
 */
public final class MeterLeases {
    private final MeterRegistry registry;
    private final Map<Tags, Integer> leases = new ConcurrentHashMap<>();

    public MeterLeases(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * To be taken before the meters are registered.
     *
     * @return gives it back; to be run once
     */
    public Runnable lease(String model, String version) {
        Tags tags = Tags.of("model", model, "version", version);
        leases.merge(tags, 1, Integer::sum);
        return () -> leases.computeIfPresent(tags, (own, count) -> {
            if (count > 1) {
                return count - 1;
            }
            List<Tag> all = own.stream().toList();
            registry.getMeters().stream()
                    .filter(meter -> meter.getId().getTags().containsAll(all))
                    .forEach(registry::remove);
            return null;
        });
    }
}
