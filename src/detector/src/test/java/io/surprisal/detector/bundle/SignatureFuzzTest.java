package io.surprisal.detector.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.surprisal.detector.SignedFolder;
import io.surprisal.detector.TinyBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.MethodSource;

/** What can go wrong: bytes in place of a signature end in another exception than a refusal, or vouch for what nobody signed. */
class SignatureFuzzTest {
    private static final String ALGORITHM = "SHA256withECDSA";
    private static final KeyPair OURS = SignedFolder.keys("secp256r1");

    private static Path folder = Path.of("");
    private static TrustedKeys trusted = TrustedKeys.none();
    private static byte[] signature = {};
    private static Map<String, String> vouchedFor = Map.of();

    /** One folder for all: a fuzzer runs in the place of one test, and knows no temporary folders. */
    @BeforeAll
    static void sign() throws IOException {
        folder = Files.createTempDirectory("surprisal-signature");
        TinyBundle.grey().write(folder);
        SignedFolder.sign(folder, OURS, ALGORITHM);
        trusted = TrustedKeys.of(List.of(SignedFolder.pem(OURS.getPublic(), folder.resolve("key.pem"))));
        signature = Files.readAllBytes(folder.resolve(TrustedKeys.SIGNATURE));
        vouchedFor = trusted.signed(folder).orElseThrow();
    }

    @AfterAll
    static void delete() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    static List<byte[]> seeds() {
        return List.of(signature, Arrays.copyOf(signature, signature.length / 2), payload());
    }

    /** In the place of the signature, and as what a trusted key has signed, which need not be a list of files. */
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "8s")
    void anyBytesVouchForWhatWasSignedOrForNothing(byte[] bytes) {
        HostileBundles.examine(() -> read(bytes), files -> assertThat(files).isEqualTo(vouchedFor));
        HostileBundles.examine(
                () -> read(SignedFolder.signed(bytes, OURS, ALGORITHM)),
                files -> assertThat(files.keySet()).doesNotContainNull());
    }

    private static byte[] payload() {
        String json = new String(signature, UTF_8);
        return Base64.getDecoder().decode(json.replaceAll("(?s).*\"payload\" : \"([^\"]*)\".*", "$1"));
    }

    private static Map<String, String> read(byte[] bytes) {
        try {
            Files.write(folder.resolve(TrustedKeys.SIGNATURE), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return trusted.signed(folder).orElseThrow();
    }
}
