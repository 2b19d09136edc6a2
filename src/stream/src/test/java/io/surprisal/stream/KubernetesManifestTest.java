package io.surprisal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the manifest says of this program; that Kubernetes knows it, the service's {@code KubernetesManifestsTest} sees. */
class KubernetesManifestTest {
    private static final Path DEPLOYMENT = Path.of("..", "..", "docker", "kubernetes", "stream", "deployment.yaml");
    private static final Pattern SETTING = Pattern.compile("name: (SURPRISAL_\\w+)");
    private static final Pattern GRACE = Pattern.compile("terminationGracePeriodSeconds: (\\d+)");
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(10); // StreamConfig's default
    private static final Duration LAST_COMMIT = Duration.ofSeconds(5);

    @Test
    void settingsAreSettingsOfTheProgram() throws IOException {
        Set<String> known = variables(StreamConfig.class, "SURPRISAL").collect(Collectors.toSet());

        assertThat(SETTING.matcher(Files.readString(DEPLOYMENT)).results().map((MatchResult found) -> found.group(1)))
                .hasSizeGreaterThan(3)
                .isSubsetOf(known);
    }

    @Test
    void thereIsTimeToFinish() throws IOException {
        Matcher grace = GRACE.matcher(Files.readString(DEPLOYMENT));

        assertThat(grace.find()).isTrue();
        assertThat(Duration.ofSeconds(Long.parseLong(grace.group(1)))).isGreaterThan(DRAIN_TIMEOUT.plus(LAST_COMMIT));
    }

    /** The environment variables that the settings of a mapping are read from. */
    private static Stream<String> variables(Class<?> mapping, String prefix) {
        return Arrays.stream(mapping.getDeclaredMethods()).flatMap(setting -> {
            String words = setting.getName().replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
            String name = prefix + "_" + words;
            boolean group = setting.getReturnType().getEnclosingClass() == StreamConfig.class;
            return group ? variables(setting.getReturnType(), name) : Stream.of(name);
        });
    }
}
