package io.surprisal.service.access;

import io.surprisal.service.config.SurprisalConfig;
import java.time.Duration;
import java.util.Optional;

/** Settings of tokens. */
record TokenSettings(
        Optional<String> keys,
        Optional<String> issuer,
        Optional<String> audience,
        String rolesClaim,
        String adminRole,
        Duration refresh)
        implements SurprisalConfig.Tokens {
    /** No token is taken. */
    static final TokenSettings NONE = new TokenSettings(
            Optional.empty(), Optional.empty(), Optional.empty(), "groups", "surprisal-admin", Duration.ofMinutes(5));

    /** Those of {@link TokenIssuer#NAME} for {@link TokenIssuer#AUDIENCE}, by the keys at a file or an address, read again every 20 ms. */
    static TokenSettings by(String keys) {
        return new TokenSettings(
                Optional.of(keys),
                Optional.of(TokenIssuer.NAME),
                Optional.of(TokenIssuer.AUDIENCE),
                "groups",
                "surprisal-admin",
                Duration.ofMillis(20));
    }
}
