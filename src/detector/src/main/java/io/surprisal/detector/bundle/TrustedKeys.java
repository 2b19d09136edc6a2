package io.surprisal.detector.bundle;

import io.surprisal.detector.json.Fields;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Public keys of those who may vouch for a bundle, by a detached signature in {@value #SIGNATURE}: the format of OpenSSF Model Signing
 * 1.0, which is a Sigstore bundle with a DSSE envelope around an in-toto statement, and that a list of files with their SHA-256. PyPI's
 * {@code model-signing} writes it: {@code model_signing sign key BUNDLE --private-key key.pem --signature BUNDLE/model.sig}.
 *
 * <p>What is loaded has to be signed: {@code bundle.json} and the files it names. Certificates and Sigstore's keyless signatures are not
 * read. Immutable.
 *
 * @see <a href="https://github.com/ossf/model-signing-spec">OpenSSF Model Signing</a>
 * @see <a href="https://github.com/secure-systems-lab/dsse/blob/master/protocol.md">DSSE</a>
 */
public final class TrustedKeys {

    /** The file of the signature, in the folder of the bundle. */
    public static final String SIGNATURE = "model.sig";

    private static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
    private static final String STATEMENT = "https://in-toto.io/Statement/v1";
    private static final String PREDICATE = "https://model_signing/signature/v1.0";
    private static final String PEM_BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String PEM_END = "-----END PUBLIC KEY-----";

    private final List<ECPublicKey> keys;

    private TrustedKeys(List<ECPublicKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /** Nobody's: signatures are not asked for. */
    public static TrustedKeys none() {
        return new TrustedKeys(List.of());
    }

    /**
     * Keys of which one must have signed each bundle.
     *
     * @param files at least one, each with a public key on the curve P-256, P-384 or P-521, in PEM
     * @throws IllegalArgumentException when one cannot be read, or has something else
     */
    public static TrustedKeys of(List<Path> files) {
        if (files.isEmpty()) {
            throw new IllegalArgumentException("expected at least one file with a public key, found none");
        }
        return new TrustedKeys(files.stream().map(TrustedKeys::key).toList());
    }

    /**
     * What is vouched for in a folder.
     *
     * @return SHA-256 in lower-case hexadecimal, by the name of the file; empty where signatures are not asked for
     * @throws BundleException when there is no signature, or none that one of the keys has made
     */
    Optional<Map<String, String>> signed(Path folder) {
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        byte[] json = Bundle.read(folder, SIGNATURE);
        try {
            return Optional.of(files(payload(Fields.parse(SIGNATURE, json))));
        } catch (IllegalArgumentException e) {
            throw new BundleException(
                    "content of " + SIGNATURE,
                    "a signature in the format of OpenSSF Model Signing 1.0",
                    "a fault: " + e.getMessage(),
                    e);
        }
    }

    /** The bytes that were signed, after one of the keys has been found to have signed them. */
    private byte[] payload(Fields signature) {
        Fields envelope = signature.object("dsseEnvelope");
        String type = envelope.string("payloadType");
        if (!type.equals(PAYLOAD_TYPE)) {
            throw new IllegalArgumentException("payloadType: expected " + PAYLOAD_TYPE + ", found " + type);
        }
        byte[] payload = Base64.getDecoder().decode(envelope.string("payload"));
        byte[] encoded = preAuthenticationEncoding(type, payload);
        List<byte[]> signatures = new ArrayList<>();
        for (Fields each : envelope.objects("signatures")) {
            signatures.add(Base64.getDecoder().decode(each.string("sig")));
        }
        for (ECPublicKey key : keys) {
            for (byte[] bytes : signatures) {
                if (hasSigned(key, encoded, bytes)) {
                    return payload;
                }
            }
        }
        throw new BundleException(
                "signature in " + SIGNATURE,
                keys.size() == 1 ? "one by the trusted key" : "one by one of the " + keys.size() + " trusted keys",
                signatures.size() + " that is not");
    }

    private static boolean hasSigned(ECPublicKey key, byte[] message, byte[] signature) {
        try {
            Signature verifier = switch (key.getParams().getOrder().bitLength()) {
                case 256 -> Signature.getInstance("SHA256withECDSA");
                case 384 -> Signature.getInstance("SHA384withECDSA");
                default -> Signature.getInstance("SHA512withECDSA");
            };
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false; // not of the form of a signature by this kind of key
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("expected a Java with ECDSA, found: " + e.getMessage(), e);
        }
    }

    /** DSSE's PAE: what is signed says how long its parts are, so that none can be taken for another. */
    private static byte[] preAuthenticationEncoding(String type, byte[] payload) {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        byte[] typeBytes = type.getBytes(StandardCharsets.UTF_8);
        encoded.writeBytes(("DSSEv1 " + typeBytes.length + " ").getBytes(StandardCharsets.US_ASCII));
        encoded.writeBytes(typeBytes);
        encoded.writeBytes((" " + payload.length + " ").getBytes(StandardCharsets.US_ASCII));
        encoded.writeBytes(payload);
        return encoded.toByteArray();
    }

    private static Map<String, String> files(byte[] payload) {
        Fields statement = Fields.parse("payload", payload);
        require(statement, "_type", STATEMENT);
        require(statement, "predicateType", PREDICATE);
        Fields predicate = statement.object("predicate");
        require(predicate.object("serialization"), "method", "files");
        Map<String, String> files = new LinkedHashMap<>();
        for (Fields resource : predicate.objects("resources")) {
            require(resource, "algorithm", "sha256");
            String name = resource.string("name");
            if (files.put(name, resource.string("digest")) != null) {
                throw new IllegalArgumentException("expected each file once, found " + name + " twice");
            }
        }
        return files;
    }

    private static void require(Fields fields, String field, String expected) {
        String found = fields.string(field);
        if (!found.equals(expected)) {
            throw new IllegalArgumentException(field + ": expected " + expected + ", found " + found);
        }
    }

    private static ECPublicKey key(Path file) {
        try {
            String pem = Files.readString(file, StandardCharsets.US_ASCII);
            int begin = pem.indexOf(PEM_BEGIN);
            int end = pem.indexOf(PEM_END, Math.max(0, begin));
            if (begin < 0 || end < 0) {
                throw new IllegalArgumentException(
                        "expected a public key in PEM in " + file + ", found no '" + PEM_BEGIN + "'");
            }
            byte[] der = Base64.getMimeDecoder().decode(pem.substring(begin + PEM_BEGIN.length(), end));
            // On the other curves that Java knows nobody signs models.
            if (KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der)) instanceof ECPublicKey key) {
                return key;
            }
            throw new IllegalArgumentException("expected a key on an elliptic curve in " + file);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "expected a public key on P-256, P-384 or P-521 in PEM in %s, found: %s".formatted(file, e), e);
        }
    }
}
