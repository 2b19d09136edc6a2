package io.surprisal.detector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents rot where nobody notices: a class is renamed, a file moves, and the map goes on naming the old one. */
class MapTest {

    private static final Path ROOT = root();
    private static final Pattern CLASS_NAME = Pattern.compile("`([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s#]+)(?:#[^)]*)?\\)");
    private static final Pattern MAIN_CLASS = Pattern.compile("\\b(io\\.surprisal(?:\\.[a-z]+)+\\.[A-Z]\\w+)");
    private static final Pattern COMMENT = Pattern.compile("<!--.*?-->", Pattern.DOTALL);

    /** A pattern that finds nothing would agree with every map. */
    private static final int FEWEST_NAMES = 40;

    @Test
    void everyClassThatTheMapNamesExists() {
        Set<String> named = found(CLASS_NAME, read("src/README.md"));

        assertThat(named).hasSizeGreaterThanOrEqualTo(FEWEST_NAMES);
        Set<String> classes = classes();
        assertThat(named).filteredOn(name -> !classes.contains(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "CONTRIBUTING.md",
                "src/README.md",
                "src/docs/audit.md",
                "src/docs/decisions.md",
                "src/docs/gate.md",
                "src/docs/open-inference-protocol.md",
                "src/docs/stream.md",
                "models/README.md"
            })
    void everyRelativeLinkResolves(String document) {
        Path folder = ROOT.resolve(document).resolveSibling("");

        assertThat(found(LINK, read(document)))
                .filteredOn(target -> !target.contains(":"))
                .isNotEmpty()
                .allSatisfy(target -> assertThat(folder.resolve(target)).exists());
    }

    @Test
    void everyMainClassThatTheLauncherStartsExists() {
        assertThat(found(MAIN_CLASS, read("surprisal"))).isNotEmpty().allSatisfy(name -> {
            String module = name.split("\\.", -1)[2];
            assertThat(ROOT.resolve("src/" + module + "/src/main/java/" + name.replace('.', '/') + ".java"))
                    .exists();
        });
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).collect(Collectors.toSet());
    }

    /** The simple names of all classes with a file of their own. */
    private static Set<String> classes() {
        try (Stream<Path> files = Files.walk(ROOT.resolve("src"))) {
            return files.filter(file -> !file.toString().contains("/target/"))
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(String document) {
        try {
            return COMMENT.matcher(Files.readString(ROOT.resolve(document))).replaceAll("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("src/README.md"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new AssertionError(
                    "expected to run inside the repository, found no src/README.md above the working folder");
        }
        return folder;
    }
}
