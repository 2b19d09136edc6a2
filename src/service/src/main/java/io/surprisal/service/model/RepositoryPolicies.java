package io.surprisal.service.model;

import io.surprisal.service.config.SurprisalConfig;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The version policy of each model.
 *
 * @param fallback of those that have none of their own
 * @param own by the model's name
 */
record RepositoryPolicies(VersionPolicy fallback, Map<String, VersionPolicy> own) {
    /** Reads the settings; one that is no policy ends the start. */
    static RepositoryPolicies of(SurprisalConfig.Repository config) {
        return new RepositoryPolicies(
                VersionPolicy.of(config.versions()),
                config.versionsOf().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> VersionPolicy.of(entry.getValue()))));
    }

    VersionPolicy of(String name) {
        return own.getOrDefault(name, fallback);
    }
}
