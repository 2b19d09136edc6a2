package io.surprisal.training.bundle;

import io.surprisal.training.density.Background;
import io.surprisal.training.density.FittedNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The background of a bundle's likelihood ratio, with its making: what {@code export --background} takes, and what it leaves in the bundle for whoever
 * exports again, or attacks with full knowledge.
 *
 * @param disturbed trained with {@code --disturbed}
 * @param twin of the same make, of clean images; {@code null} for the model itself
 */
public record TrainedBackground(
        TrainedModel disturbed, @Nullable TrainedModel twin) {
    /** File name inside a bundle. */
    public static final String FILE = "background.safetensors";

    private static final String TWIN_FILE = "background-twin.safetensors";

    /** @throws IllegalArgumentException when one is fitted to disturbed images that should not, or the other way round */
    public TrainedBackground {
        if (!disturbed.making().disturbed()) {
            throw new IllegalArgumentException(
                    "expected a background trained with --disturbed, found one of images as they are");
        }
        if (twin != null && twin.making().disturbed()) {
            throw new IllegalArgumentException("expected a twin trained without --disturbed, found one with it");
        }
    }

    /** That of a bundle; {@code null} where it has none. */
    public static @Nullable TrainedBackground of(Path bundle) throws IOException {
        Path file = bundle.resolve(FILE);
        Path twin = bundle.resolve(TWIN_FILE);
        return Files.exists(file)
                ? new TrainedBackground(TrainedModel.read(file), Files.exists(twin) ? TrainedModel.read(twin) : null)
                : null;
    }

    /** As the exporter takes it. */
    public Background beside(FittedNetwork model) {
        return new Background(disturbed.fitted(), twin == null ? model : twin.fitted());
    }

    void write(Path bundle) throws IOException {
        disturbed.writeFile(bundle.resolve(FILE));
        if (twin == null) {
            Files.deleteIfExists(bundle.resolve(TWIN_FILE));
        } else {
            twin.writeFile(bundle.resolve(TWIN_FILE));
        }
    }

    /** The files of a background that a bundle had before and has no more. */
    static void remove(Path bundle) throws IOException {
        Files.deleteIfExists(bundle.resolve(FILE));
        Files.deleteIfExists(bundle.resolve(TWIN_FILE));
    }
}
