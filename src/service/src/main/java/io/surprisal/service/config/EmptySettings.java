package io.surprisal.service.config;

import org.eclipse.microprofile.config.ConfigProvider;

/** Settings that protect something, and would protect nothing if a variable they are made of is empty. */
public final class EmptySettings {
    private EmptySettings() {}

    /**
     * Refuses a setting that is there and empty, which else counts as left out.
     *
     * @throws IllegalArgumentException when it is
     */
    public static void refuse(String name) {
        String raw = ConfigProvider.getConfig().getConfigValue(name).getRawValue();
        if (raw != null && raw.isBlank()) {
            throw new IllegalArgumentException(
                    "expected " + name + " to have a value or not to be set, found it empty");
        }
    }
}
