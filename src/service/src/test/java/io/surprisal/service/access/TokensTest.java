package io.surprisal.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.surprisal.service.Patience;
import io.surprisal.service.event.Receiver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwk.JsonWebKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong: a token that somebody made himself, that was meant for another service, or that has had its time. */
class TokensTest {
    private static final String JO = "\"sub\":\"jo\"";

    @TempDir
    Path folder;

    private TokenIssuer issuer;
    private Path keys;
    private Tokens tokens;

    TokensTest() throws GeneralSecurityException {
        this.issuer = TokenIssuer.of("1");
        this.keys = Path.of("");
        this.tokens = new Tokens(TokenSettings.NONE);
    }

    @BeforeEach
    void readKeys() throws IOException {
        keys = Files.writeString(folder.resolve("keys.json"), issuer.publicKeys());
        tokens = new Tokens(TokenSettings.by(keys.toString()));
    }

    @AfterEach
    void stop() {
        tokens.stop();
    }

    @Test
    void aTokenOpensAndOnlyAnAdministratorsOpensTheRepository() throws Exception {
        Credentials credentials =
                new Credentials(new ApiKeys(null, System::nanoTime), tokens, new SimpleMeterRegistry());
        assertThat(credentials.required()).isTrue();
        String plain = "Bearer " + issuer.token(JO + ",\"groups\":[\"people\"]");
        String admin = "Bearer " + issuer.token(JO + ",\"groups\":[\"people\",\"surprisal-admin\"]");
        assertThat(credentials.check(null, plain, false)).isEqualTo(new Holder("jo", false));
        assertThat(credentials.check(null, plain, true)).isEqualTo(Denial.NO_ADMIN);
        assertThat(credentials.check(null, admin, true)).isEqualTo(new Holder("jo", true));
        assertThat(credentials.check(null, "Bearer nonsense", false)).isEqualTo(Denial.UNKNOWN);
        assertThat(credentials.check(null, null, false)).isEqualTo(Denial.MISSING);
    }

    @Test
    void aTokenForOthersOrOutOfItsTimeOpensNothing() throws Exception {
        Instant soon = Instant.now().plusSeconds(3600);
        assertThat(tokens.holder(issuer.token("https://other.example", TokenIssuer.AUDIENCE, soon, JO)))
                .isEmpty();
        assertThat(tokens.holder(issuer.token(TokenIssuer.NAME, "other", soon, JO)))
                .isEmpty();
        assertThat(tokens.holder(issuer.token(
                        TokenIssuer.NAME, TokenIssuer.AUDIENCE, Instant.now().minusSeconds(3600), JO)))
                .isEmpty();
        assertThat(tokens.holder(issuer.token(JO + ",\"nbf\":" + soon.getEpochSecond())))
                .isEmpty();
        assertThat(tokens.holder(issuer.signed(
                        "{\"iss\":\"%s\",\"aud\":\"%s\",%s}".formatted(TokenIssuer.NAME, TokenIssuer.AUDIENCE, JO))))
                .as("one that never expires")
                .isEmpty();
        assertThat(tokens.holder(issuer.token("\"groups\":[\"surprisal-admin\"]")))
                .as("nobody's")
                .isEmpty();
    }

    @Test
    void aTokenThatSomebodyMadeHimselfOpensNothing() throws Exception {
        String token = issuer.token(JO);
        String claims = token.split("\\.", -1)[1];
        assertThat(tokens.holder(token)).isPresent();
        assertThat(tokens.holder(TokenIssuer.of("1").token(JO)))
                .as("by a key of that name")
                .isEmpty();
        assertThat(tokens.holder(token.substring(0, token.lastIndexOf('.') + 1)))
                .isEmpty();
        assertThat(tokens.holder(TokenIssuer.text("{\"alg\":\"none\"}") + "." + claims + "."))
                .isEmpty();
        String content = TokenIssuer.text("{\"alg\":\"HS256\",\"kid\":\"1\"}") + "." + claims;
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(issuer.keys().getPublic().getEncoded(), "HmacSHA256"));
        assertThat(tokens.holder(
                        content + "." + TokenIssuer.base64(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)))))
                .as("signed with the public key as a secret")
                .isEmpty();
    }

    @Test
    void keysAreRenewed() throws Exception {
        TokenIssuer next = TokenIssuer.of("2");
        String token = next.token(JO);
        assertThat(tokens.holder(token)).isEmpty();
        Files.writeString(keys, next.publicKeys());
        Patience.until("the new keys", () -> tokens.holder(token).isPresent());
        assertThat(tokens.holder(issuer.token(JO))).isEmpty();
    }

    @Test
    void aBrokenFileLeavesTheKeysAsTheyWere() throws Exception {
        try (IssuerKeys read = new IssuerKeys(keys.toString(), Duration.ofHours(1))) {
            List<JsonWebKey> before = read.current();
            assertThat(before).hasSize(1);
            Files.writeString(keys, "no keys");
            read.renew();
            assertThat(read.current()).isSameAs(before);
            Files.delete(keys);
            read.renew();
            assertThat(read.current()).isSameAs(before);
            Files.writeString(keys, TokenIssuer.of("2").publicKeys());
            read.renew();
            assertThat(read.current())
                    .singleElement()
                    .extracting(JsonWebKey::getKeyId)
                    .isEqualTo("2");
        }
    }

    @Test
    void keysMayBeElsewhereAndLate() throws Exception {
        try (Receiver elsewhere = Receiver.start()) {
            elsewhere.answer(503, 200);
            elsewhere.say(issuer.publicKeys());
            Tokens byAddress = new Tokens(TokenSettings.by(elsewhere.address().toString()));
            String token = issuer.token(JO);
            Patience.until("the keys", () -> byAddress.holder(token).isPresent());
            assertThat(elsewhere.posts()).hasSizeGreaterThanOrEqualTo(2);
            byAddress.stop();
        }
    }

    @Test
    void whatWouldTakeTokensForOthersIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tokens(new TokenSettings(
                        Optional.of(keys.toString()),
                        Optional.of(TokenIssuer.NAME),
                        Optional.empty(),
                        "groups",
                        "admin",
                        TokenSettings.NONE.refresh())))
                .withMessageContaining("surprisal.access.tokens.audience");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Tokens(TokenSettings.by(folder.resolve("none").toString())))
                .withMessageContaining("none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tokens(TokenSettings.by("http://issuer.example/keys")))
                .withMessageContaining("https://");
    }
}
