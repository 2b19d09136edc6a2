package io.surprisal.service.recent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong: decisions are missing and nobody knows, or a disk that is full stops the service. */
class AuditTrailTest {
    private static final int MANY = 3_000;
    private static final int SIZE = 150_000;

    @TempDir
    Path folder;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void everyDecisionIsALineInItsOrderAcrossFiles() throws IOException, InterruptedException {
        Path file = folder.resolve("audit.jsonl");
        AuditTrail trail = new AuditTrail(new AuditFile(file, SIZE, 20), registry);
        for (int number = 1; number <= MANY; number++) {
            trail.add(decision(number, number == 7 ? Double.POSITIVE_INFINITY : 3.5));
        }
        trail.stop(new ShutdownEvent());

        assertThat(written()).isEqualTo(MANY);
        assertThat(folder.resolve("audit.jsonl.2")).exists();
        List<Long> numbers = new ArrayList<>();
        for (int older = 20; older >= 0; older--) {
            Path part = older == 0 ? file : folder.resolve("audit.jsonl." + older);
            if (Files.exists(part)) {
                assertThat(Files.size(part)).isLessThanOrEqualTo(SIZE);
                for (String line : Files.readAllLines(part)) {
                    JsonNode read = new ObjectMapper().readTree(line);
                    numbers.add(read.path("number").asLong());
                    assertThat(read.path("model").asText()).isEqualTo("tiny");
                    assertThat(read.path("bitsPerDimension").isNull())
                            .isEqualTo(read.path("number").asInt() == 7);
                }
            }
        }
        assertThat(numbers).hasSize(MANY).isSorted().doesNotHaveDuplicates();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsCountedAndStopsNothing() throws InterruptedException {
        AuditTrail trail = new AuditTrail(new AuditFile(Path.of("/dev/full"), 100_000, 1), registry);
        for (int number = 1; number <= MANY; number++) {
            trail.add(decision(number, 1));
        }
        trail.stop(new ShutdownEvent());
        assertThat(written()).isZero();
        assertThat(registry.counter("surprisal.audit.lost").count()).isEqualTo(MANY);
    }

    private double written() {
        return registry.counter("surprisal.audit.written").count();
    }

    private static RecentDecision decision(long number, double bits) {
        return new RecentDecision(
                "start-" + number,
                number,
                Instant.EPOCH,
                "tiny",
                "1",
                true,
                "typicality",
                0.001,
                0.01,
                bits,
                null,
                "less typical than most");
    }
}
