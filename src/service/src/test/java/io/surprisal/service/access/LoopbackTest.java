package io.surprisal.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackTest {
    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"})
    void thisMachineIsKnownByItsNames(String host) {
        assertThat(Loopback.is(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.example.org",
                "127.0.0.1.example.org",
                "localhost.example.org",
                "0.0.0.0",
                "::",
                "10.0.0.1",
                ""
            })
    void whatOnlyLooksLikeItIsNot(String host) {
        assertThat(Loopback.is(host)).isFalse();
    }
}
