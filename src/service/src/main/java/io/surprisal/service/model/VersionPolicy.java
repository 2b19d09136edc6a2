package io.surprisal.service.model;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/** Which versions of a model are served. */
sealed interface VersionPolicy {
    /** Whether a version may be served at all. */
    boolean admits(String version);

    /** Most versions served at a time; the highest that can be served are. */
    int most();

    /** As it is written in the settings. */
    String describe();

    /** Every version. */
    record All() implements VersionPolicy {
        @Override
        public boolean admits(String version) {
            return true;
        }

        @Override
        public int most() {
            return Integer.MAX_VALUE;
        }

        @Override
        public String describe() {
            return "all";
        }
    }

    /**
     * The highest that can be served.
     *
     * @param most how many, at least 1
     */
    record Latest(int most) implements VersionPolicy {
        public Latest {
            if (most < 1) {
                throw new IllegalArgumentException("expected latest:N with N at least 1, got " + most);
            }
        }

        @Override
        public boolean admits(String version) {
            return true;
        }

        @Override
        public String describe() {
            return "latest:" + most;
        }
    }

    /** Those named, and no others. */
    record Specific(Set<String> versions) implements VersionPolicy {
        public Specific {
            versions = Set.copyOf(versions);
        }

        @Override
        public boolean admits(String version) {
            return versions.contains(version);
        }

        @Override
        public int most() {
            return Integer.MAX_VALUE;
        }

        @Override
        public String describe() {
            return "specific:" + String.join(",", versions.stream().sorted().toList());
        }
    }

    /**
     * Reads {@code all}, {@code latest:N} or {@code specific:V,V…}.
     *
     * @throws IllegalArgumentException when it is none of them
     */
    static VersionPolicy of(String text) {
        String[] parts = text.strip().split(":", 2);
        try {
            if (parts.length == 1 && parts[0].equals("all")) {
                return new All();
            }
            if (parts.length == 2 && parts[0].equals("latest")) {
                return new Latest(Integer.parseInt(parts[1].strip()));
            }
            if (parts.length == 2 && parts[0].equals("specific") && !parts[1].isBlank()) {
                return new Specific(new LinkedHashSet<>(
                        Arrays.stream(parts[1].split(",")).map(String::strip).toList()));
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "expected a version policy all, latest:N or specific:V,V…, got '" + text + "'");
    }
}
