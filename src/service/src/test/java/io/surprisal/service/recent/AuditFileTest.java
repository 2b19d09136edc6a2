package io.surprisal.service.recent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong: lines are lost or glued together, or older files are destroyed. */
class AuditFileTest {
    @TempDir
    Path folder;

    @Test
    void aFullFileIsPutAsideAndSoManyAreKept() throws IOException {
        try (AuditFile file = new AuditFile(folder.resolve("a"), 10, 2)) {
            for (int number = 1; number <= 9; number++) {
                file.append(lines("line " + number)); // 7 bytes
            }
        }
        assertThat(names()).containsExactlyInAnyOrder("a", "a.1", "a.2");
        assertThat(folder.resolve("a")).hasContent("line 9");
        assertThat(folder.resolve("a.1")).hasContent("line 8");
        assertThat(folder.resolve("a.2")).hasContent("line 7");
    }

    @Test
    void aFileThatCannotBePutAsideGrowsAndTheOlderOnesStay() throws IOException {
        Files.writeString(folder.resolve("a.1"), "older");
        Path inTheWay = Files.createDirectories(folder.resolve("a.0"));
        Files.writeString(inTheWay.resolve("not empty"), "");
        try (AuditFile file = new AuditFile(folder.resolve("a"), 10, 2)) {
            file.append(lines("line 1"));
            file.append(lines("line 2"));
            file.append(lines("line 3"));
        }
        assertThat(Files.readAllLines(folder.resolve("a"))).containsExactly("line 1", "line 2", "line 3");
        assertThat(folder.resolve("a.1")).hasContent("older");
    }

    @Test
    void aLineThatWasCutOffIsEnded() throws IOException {
        Files.writeString(folder.resolve("a"), "line 1\nlin");
        try (AuditFile file = new AuditFile(folder.resolve("a"), 1_000, 1)) {
            file.append(lines("line 2"));
        }
        assertThat(Files.readAllLines(folder.resolve("a"))).containsExactly("line 1", "lin", "line 2");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFileThatOthersMoveAwayIsBegunAnew() throws IOException {
        try (AuditFile file = new AuditFile(folder.resolve("a"), 1_000, 1)) {
            file.append(lines("line 1"));
            Files.move(folder.resolve("a"), folder.resolve("theirs"));
            file.append(lines("line 2"));
        }
        assertThat(folder.resolve("a")).hasContent("line 2");
        assertThat(folder.resolve("theirs")).hasContent("line 1");
    }

    @Test
    void aFolderThatComesLaterIsWrittenToThen() throws IOException {
        Path late = folder.resolve("late");
        try (AuditFile file = new AuditFile(late.resolve("a"), 1_000, 1)) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.append(lines("line 1")));
            Files.createDirectories(late);
            file.append(lines("line 2"));
        }
        assertThat(late.resolve("a")).hasContent("line 2");
    }

    @Test
    void atLeastOneOlderFileIsKept() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AuditFile(folder.resolve("a"), 1_000, 0))
                .withMessageContaining("surprisal.audit.kept");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static ByteBuffer lines(String... lines) {
        return ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
