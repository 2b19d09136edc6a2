package io.surprisal.service.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds bundles under the folders the service was given. */
final class BundleFolders {
    private static final String MARK = "bundle.json";

    private BundleFolders() {}

    /** Gives the folder itself when it is a bundle, otherwise the bundles in it as {@code <name>/<version>/}, sorted. */
    static List<Path> under(Path folder) throws IOException {
        if (Files.exists(folder.resolve(MARK))) {
            return List.of(folder);
        }
        try (Stream<Path> found = Files.find(folder, 3, (path, attributes) -> path.endsWith(MARK))) {
            return found.map(Path::getParent).sorted().toList();
        }
    }
}
