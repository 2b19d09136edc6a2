package io.surprisal.service.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VersionOrderTest {
    @Test
    void versionsAreOrderedAsPeopleReadThem() {
        assertThat(List.of("10", "9", "1.10", "1.9", "1", "2024-01-02", "v2", "v10", "1.9-rc1").stream()
                        .sorted(new VersionOrder()))
                .containsExactly("1", "1.9", "1.9-rc1", "1.10", "9", "10", "2024-01-02", "v2", "v10");
    }
}
