package io.surprisal.service.access;

import io.surprisal.detector.bundle.Sha256;
import io.surprisal.service.config.EmptySettings;
import io.surprisal.service.config.SurprisalConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The keys that callers show, by their SHA-256, from the file {@code surprisal.access.keys}: a line for each, with a name for people, the
 * SHA-256 of the key in hexadecimal, and {@code admin} for one that may load and unload models. {@code #} begins a comment.
 *
 * <p>The file is looked at again when it has changed, once a second at most, so keys come and go while the service runs. One that has
 * become unreadable leaves the keys as they were, and is logged. Thread-safe.
 */
@Singleton
final class ApiKeys {
    private static final Logger LOG = Logger.getLogger(ApiKeys.class);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final @Nullable Path file;
    private volatile Known known = new Known(Map.of(), "");
    private final LongSupplier clock;
    private volatile long looked;
    private String problem = "";

    private record Known(Map<String, Holder> holders, String text) {}

    @Inject
    ApiKeys(SurprisalConfig config) {
        this(config.access().keys().orElse(null), System::nanoTime);
        EmptySettings.refuse("surprisal.access.keys");
    }

    /** @param clock nanoseconds, for how long ago the file was looked at */
    ApiKeys(@Nullable Path file, LongSupplier clock) {
        this.clock = clock;
        this.looked = clock.getAsLong();
        this.file = file;
        if (file != null) {
            this.known = read(file);
            LOG.infof("keys are asked for: %d in %s", known.holders().size(), file);
        }
    }

    /** Whether there is a file of them. */
    boolean isSet() {
        return file != null;
    }

    /** Whose a key is. Looked up by its hash: how long that takes says nothing of the keys that would do. */
    Optional<Holder> holder(String key) {
        return Optional.ofNullable(holders().get(Sha256.of(key.getBytes(StandardCharsets.UTF_8))));
    }

    private Map<String, Holder> holders() {
        Path from = file;
        long now = clock.getAsLong();
        if (from != null && now - looked > LOOK_AGAIN_NANOS) {
            looked = now;
            renew(from);
        }
        return known.holders();
    }

    private synchronized void renew(Path from) {
        try {
            String text = Files.readString(from);
            if (!text.equals(known.text())) {
                known = parse(from, text);
                LOG.infof("keys have changed: %d in %s", known.holders().size(), from);
            }
            problem = "";
        } catch (IOException | IllegalArgumentException e) {
            String now = e.toString();
            if (!now.equals(problem)) { // said once, and not every second
                problem = now;
                LOG.warnf("keys stay as they were: %s", now);
            }
        }
    }

    private static Known read(Path file) {
        try {
            return parse(file, Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("expected a file of keys at %s, found: %s".formatted(file, e), e);
        }
    }

    private static Known parse(Path file, String text) {
        List<String> lines = text.lines().toList();
        Map<String, Holder> holders = new HashMap<>();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).replaceFirst("#.*", "").strip();
            if (!line.isEmpty()) {
                String[] words = line.split("\\s+", -1);
                requireWords(words, file, number);
                holders.put(words[1].toLowerCase(Locale.ROOT), new Holder(words[0], words.length == 3));
            }
        }
        return new Known(Map.copyOf(holders), text);
    }

    private static void requireWords(String[] words, Path file, int number) {
        boolean role = words.length == 2 || words.length == 3 && words[2].equals("admin");
        if (!role || !words[1].matches("[0-9a-fA-F]{64}")) {
            // What is there may be a key that should have been hashed: it is not said.
            throw new IllegalArgumentException(
                    "%s, line %d: expected NAME SHA-256 [admin], the hash in 64 hexadecimal digits, found something else"
                            .formatted(file, number));
        }
    }
}
