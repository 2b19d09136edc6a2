package io.surprisal.detector.cli;

import io.surprisal.detector.bundle.BundleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds the folder of a bundle: a path as it is, else {@code models/NAME} here or in the folder that the system
 * property {@code surprisal.home} names. Of a folder of versions, the newest: numbers by size, other names by the
 * alphabet before them.
 */
public final class ModelFolder {

    private static final String MANIFEST = "bundle.json";
    private static final Comparator<Path> BY_VERSION =
            Comparator.<Path>comparingLong(ModelFolder::number).thenComparing(folder -> folder.toString());

    private ModelFolder() {}

    /**
     * The folder of a bundle.
     *
     * @throws BundleException when there is none
     */
    public static Path find(String model) {
        Path home = Path.of(System.getProperty("surprisal.home", ""));
        List<Path> candidates = Stream.of(Path.of(""), Path.of("models"), home.resolve("models"))
                .map(folder -> folder.resolve(model))
                .distinct()
                .toList();
        return candidates.stream()
                .flatMap(folder -> Stream.concat(Stream.of(folder), versions(folder)))
                .filter(folder -> Files.isRegularFile(folder.resolve(MANIFEST)))
                .findFirst()
                .orElseThrow(() -> new BundleException(
                        "folder of the model",
                        "a " + MANIFEST + " in one of " + candidates + " or a version of it",
                        "none"));
    }

    private static Stream<Path> versions(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted(BY_VERSION.reversed()).toList().stream();
        } catch (IOException e) {
            return Stream.empty(); // a folder that cannot be listed has no bundle that could be read
        }
    }

    private static long number(Path folder) {
        String name = folder.getFileName().toString();
        return name.matches("[0-9]{1,18}") ? Long.parseLong(name) : -1;
    }
}
