package io.surprisal.service.access;

import io.surprisal.service.config.EmptySettings;
import io.surprisal.service.config.SurprisalConfig;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jspecify.annotations.Nullable;

/**
 * Signed tokens that callers show (JSON Web Token, RFC 7519), where {@code surprisal.access.tokens.keys} is set: by one of the issuer's keys,
 * for this audience, not expired. Only asymmetric signatures are taken: with a shared secret, who checks tokens could make them.
 * Thread-safe.
 */
@Singleton
final class Tokens {
    private static final Logger LOG = Logger.getLogger(Tokens.class);
    private static final String SETTINGS = "surprisal.access.tokens.";

    private static final AlgorithmConstraints ASYMMETRIC = new AlgorithmConstraints(
            ConstraintType.PERMIT,
            AlgorithmIdentifiers.RSA_USING_SHA256,
            AlgorithmIdentifiers.RSA_USING_SHA384,
            AlgorithmIdentifiers.RSA_USING_SHA512,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
            AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
            AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
            AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512,
            AlgorithmIdentifiers.EDDSA);

    /** Clocks of different machines. */
    private static final int LEEWAY_SECONDS = 30;

    private final SurprisalConfig.Tokens config;
    private final @Nullable IssuerKeys keys;
    private volatile @Nullable Checked checked;

    /** Who checks by which keys; made anew when the issuer has others. */
    private record Checked(List<JsonWebKey> keys, JwtConsumer consumer) {}

    @Inject
    Tokens(SurprisalConfig config) {
        this(config.access().tokens());
        EmptySettings.refuse(SETTINGS + "keys");
    }

    Tokens(SurprisalConfig.Tokens config) {
        this.config = config;
        this.keys = config.keys()
                .map(source -> new IssuerKeys(source, config.refresh()))
                .orElse(null);
        if (keys != null && (config.issuer().isEmpty() || config.audience().isEmpty())) {
            throw new IllegalArgumentException(
                    "expected %sissuer and %saudience to be set with %skeys, or tokens for others would do here; found %s and %s"
                            .formatted(
                                    SETTINGS,
                                    SETTINGS,
                                    SETTINGS,
                                    config.issuer().orElse("nothing"),
                                    config.audience().orElse("nothing")));
        }
    }

    /** Whether they are taken. */
    boolean isSet() {
        return keys != null;
    }

    @PreDestroy
    void stop() {
        if (keys != null) {
            keys.close();
        }
    }

    /** Whose a token is, if it holds here. */
    Optional<Holder> holder(String token) {
        if (keys == null) {
            return Optional.empty();
        }
        try {
            JwtClaims claims = consumer(keys.current()).processToClaims(token);
            List<String> roles = claims.isClaimValueStringList(config.rolesClaim())
                    ? claims.getStringListClaimValue(config.rolesClaim())
                    : List.of();
            return Optional.of(new Holder(claims.getSubject(), roles.contains(config.adminRole())));
        } catch (InvalidJwtException | MalformedClaimException e) {
            LOG.debugf("a token that does not hold here: %s", e.getMessage());
            return Optional.empty();
        }
    }

    private JwtConsumer consumer(List<JsonWebKey> current) {
        Checked before = checked;
        if (before == null || before.keys() != current) {
            before = new Checked(
                    current,
                    new JwtConsumerBuilder()
                            .setJwsAlgorithmConstraints(ASYMMETRIC)
                            .setVerificationKeyResolver(new JwksVerificationKeyResolver(current))
                            .setExpectedIssuer(config.issuer().orElseThrow())
                            .setExpectedAudience(config.audience().orElseThrow())
                            .setRequireSubject()
                            .setRequireExpirationTime()
                            .setAllowedClockSkewInSeconds(LEEWAY_SECONDS)
                            .build());
            checked = before;
        }
        return before.consumer();
    }
}
