package io.surprisal.detector;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.detector.bundle.Sha256;
import io.surprisal.detector.bundle.TrustedKeys;
import io.surprisal.detector.json.Fields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** Signs folders as OpenSSF Model Signing 1.0 says, for tests of those who read such signatures. */
public final class SignedFolder {

    private SignedFolder() {}

    /** A pair of keys on a curve by its standard name: {@code secp256r1}. */
    public static KeyPair keys(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes a public key in PEM; returns the file. */
    public static Path pem(PublicKey key, Path file) {
        try {
            return Files.writeString(
                    file,
                    "-----BEGIN PUBLIC KEY-----\n"
                            + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                                    .encodeToString(key.getEncoded())
                            + "\n-----END PUBLIC KEY-----\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the signature of all files of a folder into it. */
    public static void sign(Path folder, KeyPair keys, String algorithm) {
        try (Stream<Path> found = Files.list(folder)) {
            ObjectNode statement = Fields.newObject();
            statement.put("_type", "https://in-toto.io/Statement/v1");
            statement.put("predicateType", "https://model_signing/signature/v1.0");
            ObjectNode predicate = statement.putObject("predicate");
            predicate.putObject("serialization").put("method", "files").put("hash_type", "sha256");
            ArrayNode resources = predicate.putArray("resources");
            List<Path> files = found.filter(Files::isRegularFile).sorted().toList();
            for (Path file : files) {
                resources
                        .addObject()
                        .put("name", file.getFileName().toString())
                        .put("algorithm", "sha256")
                        .put("digest", Sha256.of(Files.readAllBytes(file)));
            }
            Files.write(folder.resolve(TrustedKeys.SIGNATURE), signed(Fields.write(statement), keys, algorithm));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The content of a signature's file, of whatever bytes are to be vouched for. */
    public static byte[] signed(byte[] payload, KeyPair keys, String algorithm) {
        try {
            String type = "application/vnd.in-toto+json";
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(keys.getPrivate());
            signer.update("DSSEv1 %d %s %d "
                    .formatted(type.length(), type, payload.length)
                    .getBytes(StandardCharsets.US_ASCII));
            signer.update(payload);
            ObjectNode root = Fields.newObject();
            root.put("mediaType", "application/vnd.dev.sigstore.bundle.v0.3+json");
            ObjectNode envelope = root.putObject("dsseEnvelope");
            envelope.put("payloadType", type);
            envelope.put("payload", Base64.getEncoder().encodeToString(payload));
            envelope.putArray("signatures")
                    .addObject()
                    .put("sig", Base64.getEncoder().encodeToString(signer.sign()))
                    .put("keyid", "");
            return Fields.write(root);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
