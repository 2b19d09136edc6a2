package io.surprisal.service.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionPolicyTest {
    @ParameterizedTest
    @ValueSource(strings = {"all", "latest:1", "latest:12", "specific:1,3"})
    void aPolicyReadsAsItIsWritten(String text) {
        assertThat(VersionPolicy.of(text).describe()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none", "latest", "latest:0", "latest:-1", "latest:x", "specific:", "all:1"})
    void whatIsNoPolicyIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VersionPolicy.of(text))
                .withMessageContaining("latest:N");
    }

    @Test
    void onlySpecificVersionsAreChosenByName() {
        assertThat(VersionPolicy.of("specific:1, 3").admits("3")).isTrue();
        assertThat(VersionPolicy.of("specific:1, 3").admits("2")).isFalse();
        assertThat(VersionPolicy.of("latest:2").admits("2")).isTrue();
        assertThat(VersionPolicy.of("latest:2").most()).isEqualTo(2);
    }
}
