package io.surprisal.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can go wrong: a shipped bundle that another version of this code can no longer load, or whose numbers are no longer its own. */
class ShippedBundlesTest {

    private static final Path MODELS = Path.of("../../models");

    @Test
    void everyShippedBundleLoadsAndGivesItsGoldenNumbersAndIsWhereItsNameSays() throws IOException {
        List<Path> bundles = bundles();
        assumeThat(bundles).as("bundles in models/").isNotEmpty();
        for (Path bundle : bundles) {
            try (Detector detector = Detector.load(bundle)) {
                detector.replayGolden();
                detector.require(detector.defaultDecision());
                assertThat(Path.of(
                                detector.manifest().name(), detector.manifest().version()))
                        .isEqualTo(MODELS.relativize(bundle));
            }
        }
    }

    private static List<Path> bundles() throws IOException {
        if (!Files.isDirectory(MODELS)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(MODELS, 3)) {
            return files.filter(file -> file.endsWith("bundle.json"))
                    .map(Path::getParent)
                    .toList();
        }
    }
}
