package io.surprisal.service.access;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/**
 * Makes tokens by Java's own cryptography, after RFC 7515 and 7518, so that no library checks what it has made itself.
 *
 * @param id of the key
 */
public record TokenIssuer(String id, KeyPair keys) {
    public static final String NAME = "https://issuer.example";
    public static final String AUDIENCE = "surprisal";
    private static final int P256_BYTES = 32;

    /** One with a new key on P-256. */
    public static TokenIssuer of(String id) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return new TokenIssuer(id, generator.generateKeyPair());
    }

    /** Its public key as a JSON Web Key Set. */
    public String publicKeys() {
        ECPublicKey key = (ECPublicKey) keys.getPublic();
        return """
                {"keys":[{"kty":"EC","crv":"P-256","use":"sig","kid":"%s","x":"%s","y":"%s"}]}""".formatted(
                id, coordinate(key.getW().getAffineX()), coordinate(key.getW().getAffineY()));
    }

    /** A token that holds for an hour, with what else is to stand in it, for example {@code "groups":["a"]}. */
    public String token(String claims) throws GeneralSecurityException {
        return token(NAME, AUDIENCE, Instant.now().plusSeconds(3600), claims);
    }

    /** A token. */
    public String token(String issuer, String audience, Instant expires, String claims)
            throws GeneralSecurityException {
        return signed("""
                {"iss":"%s","aud":"%s","exp":%d,%s}""".formatted(issuer, audience, expires.getEpochSecond(), claims));
    }

    /** Claims in JSON, signed. */
    public String signed(String claims) throws GeneralSecurityException {
        String content = text("{\"alg\":\"ES256\",\"kid\":\"" + id + "\"}") + "." + text(claims);
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(keys.getPrivate());
        signature.update(content.getBytes(StandardCharsets.US_ASCII));
        return content + "." + base64(signature.sign());
    }

    static String text(String json) {
        return base64(json.getBytes(StandardCharsets.UTF_8));
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String coordinate(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[P256_BYTES];
        int length = Math.min(bytes.length, P256_BYTES);
        System.arraycopy(
                Arrays.copyOfRange(bytes, bytes.length - length, bytes.length), 0, fixed, P256_BYTES - length, length);
        return base64(fixed);
    }
}
