package io.surprisal.service;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.TinyFault;
import io.surprisal.detector.TinyModel;
import io.surprisal.detector.quantise.ImageShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model folder that changes while the service runs: {@code tiny-grey}, of which the latest version is served, and {@code tiny-rgb}.
 * Each version of {@code tiny-grey} is another density, so that an answer shows which version gave it.
 */
public final class Repository implements QuarkusTestResourceLifecycleManager {
    private static final String NAME = "tiny-grey";

    private @Nullable Path folder;

    @Override
    public Map<String, String> start() {
        try {
            Path folder = Files.createTempDirectory("surprisal-repository");
            this.folder = folder;
            Path models = Files.createDirectories(folder.resolve("models"));
            put(models, 1);
            Bundles.RGB.write(Files.createDirectories(models.resolve("tiny-rgb").resolve("1")));
            return Map.of(
                    "surprisal.models",
                    models.toString(),
                    "surprisal.default-model",
                    NAME,
                    "surprisal.repository.poll-interval",
                    "50ms",
                    "surprisal.repository.control",
                    "true",
                    "surprisal.repository.versions-of.\"tiny-grey\"",
                    "latest:1",
                    "surprisal.batch.queue-images",
                    "1024",
                    "surprisal.batch.workers",
                    "1");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** After {@link Bundles}, which every test has: what is said last counts. */
    @Override
    public int order() {
        return 1;
    }

    @Override
    public void stop() {
        TemporaryFolders.delete(folder);
    }

    /** The model behind a version. */
    static TinyModel model(int version) {
        return new TinyModel(new ImageShape(1, 8, 8), 256, 0.05 + 0.01 * version);
    }

    /** Puts a version of {@code tiny-grey} there, whole from one moment to the next. */
    static Path put(Path models, int version) throws IOException {
        Path whole = staging(models);
        new TinyBundle(NAME, model(version)).write(whole, Integer.toString(version));
        return move(whole, models.resolve(NAME).resolve(Integer.toString(version)));
    }

    /** Puts a bundle there that breaks the contract. */
    static Path put(Path models, int version, TinyFault fault) throws IOException {
        Path whole = staging(models);
        new TinyBundle(NAME, model(version)).write(whole, fault);
        return move(whole, models.resolve(NAME).resolve(Integer.toString(version)));
    }

    /** Takes a version of {@code tiny-grey} away. */
    static void remove(Path models, int version) throws IOException {
        Path gone = models.resolveSibling("gone-" + System.nanoTime());
        Files.move(models.resolve(NAME).resolve(Integer.toString(version)), gone);
        TemporaryFolders.delete(gone);
    }

    private static Path staging(Path models) throws IOException {
        return Files.createTempDirectory(models.getParent(), "staging");
    }

    private static Path move(Path whole, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        return Files.move(whole, to);
    }
}
