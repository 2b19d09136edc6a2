package io.surprisal.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.surprisal.detector.bundle.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can go wrong: somebody without the right key gets in, or a mistake in the file lets everybody in. */
class ApiKeysTest {
    @TempDir
    Path folder;

    private static final long LATER = Duration.ofSeconds(2).toNanos();

    private final AtomicLong now = new AtomicLong();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void aKeyOpensAndOnlyAnAdministratorsOpensTheRepository() throws IOException {
        Credentials keys =
                keys("# who may", "dashboard " + hash("one"), "", "operator\t" + hash("two") + " admin # Jo");
        assertThat(keys.required()).isTrue();
        assertThat(keys.check("one", null, false)).isEqualTo(new Holder("dashboard", false));
        assertThat(keys.check(null, "Bearer one", false)).isEqualTo(new Holder("dashboard", false));
        assertThat(keys.check(null, "bearer two", true)).isEqualTo(new Holder("operator", true));
        assertThat(keys.check("one", null, true)).isEqualTo(Denial.NO_ADMIN);
        assertThat(keys.check("three", null, false)).isEqualTo(Denial.UNKNOWN);
        // Not the hash itself: who reads the file has no key.
        assertThat(keys.check(hash("one"), null, false)).isEqualTo(Denial.UNKNOWN);
        assertThat(keys.check(null, null, false)).isEqualTo(Denial.MISSING);
        assertThat(keys.check(null, "Basic one", false)).isEqualTo(Denial.MISSING);
        assertThat(keys.check(" ", "Bearer one", false)).isEqualTo(Denial.MISSING);
        assertThat(registry.counter("surprisal.access.denied", "reason", "unknown")
                        .count())
                .isEqualTo(2);
    }

    @Test
    void withoutAFileNobodyIsAsked() {
        Credentials keys = credentials(null);
        assertThat(keys.required()).isFalse();
    }

    @Test
    void aFileWithoutKeysLetsNobodyIn() throws IOException {
        assertThat(keys("# nobody yet").check("", null, false)).isEqualTo(Denial.MISSING);
        assertThat(keys("# nobody yet").check("one", null, false)).isEqualTo(Denial.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dashboard", "dashboard secret-key", "dashboard HASH root", "dashboard HASH admin also"})
    void aLineThatIsNoneIsSaidWithoutWhatIsInIt(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys("a " + hash("one"), line.replace("HASH", hash("two"))))
                .withMessageContaining("line 2")
                .withMessageNotContaining("secret-key");
    }

    @Test
    void aFileThatIsNotThereIsSaid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ApiKeys(folder.resolve("none"), now::get))
                .withMessageContaining("none");
    }

    @Test
    void keysComeAndGoAndABrokenFileChangesNothing() throws IOException {
        Credentials keys = keys("a " + hash("one"));
        write("b " + hash("another"));
        now.addAndGet(LATER);
        assertThat(keys.check("one", null, false)).isEqualTo(Denial.UNKNOWN);
        assertThat(keys.check("another", null, false)).isEqualTo(new Holder("b", false));
        write("no line at all, but longer than what was there before, so that it is seen");
        now.addAndGet(LATER);
        assertThat(keys.check("another", null, false)).isEqualTo(new Holder("b", false));
    }

    private Credentials keys(String... lines) throws IOException {
        return credentials(write(lines));
    }

    private Credentials credentials(@Nullable Path file) {
        return new Credentials(new ApiKeys(file, now::get), new Tokens(TokenSettings.NONE), registry);
    }

    private Path write(String... lines) throws IOException {
        return Files.writeString(folder.resolve("keys"), String.join("\n", lines));
    }

    private static String hash(String key) {
        return Sha256.of(key.getBytes(StandardCharsets.UTF_8));
    }
}
