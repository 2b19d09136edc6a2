package io.surprisal.detector.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.surprisal.detector.SignedFolder;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.TinyCascade;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can go wrong: a bundle that nobody trusted has signed serves, because it is consistent in itself. */
class TrustedKeysTest {
    private static final KeyPair OURS = SignedFolder.keys("secp256r1");
    private static final KeyPair THEIRS = SignedFolder.keys("secp256r1");

    @TempDir
    Path folder;

    @TempDir
    Path keys;

    @BeforeEach
    void sign() {
        TinyBundle.grey().write(folder);
        SignedFolder.sign(folder, OURS, "SHA256withECDSA");
    }

    @ParameterizedTest
    @CsvSource({"secp256r1, SHA256withECDSA", "secp384r1, SHA384withECDSA", "secp521r1, SHA512withECDSA"})
    void whatATrustedKeyHasSignedIsLoaded(String curve, String algorithm) throws IOException {
        KeyPair pair = SignedFolder.keys(curve);
        Files.delete(folder.resolve(TrustedKeys.SIGNATURE));
        SignedFolder.sign(folder, pair, algorithm);
        assertThat(Bundle.load(folder, trusted(THEIRS, pair)).manifest().name()).isEqualTo("tiny-grey");
    }

    @Test
    void whatSomebodyElseHasSignedIsRefused() {
        refuses("signature in model.sig", "one by the trusted key", trusted(THEIRS));
    }

    @Test
    void whatNobodyHasSignedIsRefused() throws IOException {
        Files.delete(folder.resolve(TrustedKeys.SIGNATURE));
        refuses("files of a bundle", "model.sig", trusted(OURS));
    }

    /** Consistent in itself: whoever can write one file can write all of them, but for the signature. */
    @Test
    void anotherBundleUnderTheSameSignatureIsRefused() throws IOException {
        byte[] signature = Files.readAllBytes(folder.resolve(TrustedKeys.SIGNATURE));
        TinyBundle.rgb().write(folder);
        Files.write(folder.resolve(TrustedKeys.SIGNATURE), signature);
        assertThat(Bundle.load(folder).manifest().name()).isEqualTo("tiny-rgb");
        refuses("SHA-256 of bundle.json in model.sig", "found", trusted(OURS));
    }

    @Test
    void aFileThatTheSignatureLeavesOutIsRefused() throws IOException {
        Files.delete(folder.resolve(TrustedKeys.SIGNATURE));
        Path model = folder.resolve(Bundle.MODEL);
        byte[] bytes = Files.readAllBytes(model);
        Files.delete(model);
        SignedFolder.sign(folder, OURS, "SHA256withECDSA");
        Files.write(model, bytes);
        refuses("SHA-256 of model.onnx in model.sig", "found none", trusted(OURS));
    }

    /** Whoever can swap the screen decides what the model never sees. */
    @ParameterizedTest
    @ValueSource(strings = {"screen.onnx", "screen.json", "screen-golden.json"})
    void aFileOfTheScreenThatTheSignatureLeavesOutIsRefused(String name) throws IOException {
        TinyCascade.grey().write(folder, "1");
        Path file = folder.resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        Files.delete(folder.resolve(TrustedKeys.SIGNATURE));
        SignedFolder.sign(folder, OURS, "SHA256withECDSA");
        Files.write(file, bytes);
        refuses("SHA-256 of " + name + " in model.sig", "found none", trusted(OURS));
    }

    @Test
    void anotherListUnderTheSameSignatureIsRefused() throws IOException {
        String json = Files.readString(folder.resolve(TrustedKeys.SIGNATURE));
        String before = json.replaceAll("(?s).*\"payload\" : \"([^\"]*)\".*", "$1");
        String statement = new String(Base64.getDecoder().decode(before), StandardCharsets.UTF_8);
        String after = Base64.getEncoder()
                .encodeToString(statement.replace("golden", "g0lden").getBytes(StandardCharsets.UTF_8));
        assertThat(after).isNotEqualTo(before);
        Files.writeString(folder.resolve(TrustedKeys.SIGNATURE), json.replace(before, after));
        refuses("signature in model.sig", "one by the trusted key", trusted(OURS));
    }

    @ParameterizedTest
    @CsvSource({
        "'{}', dsseEnvelope",
        "'not JSON', model.sig",
        "'{\"dsseEnvelope\": {\"payloadType\": \"text/plain\"}}', payloadType"
    })
    void whatIsNoSignatureIsSaid(String content, String word) throws IOException {
        Files.writeString(folder.resolve(TrustedKeys.SIGNATURE), content);
        refuses("content of model.sig", word, trusted(OURS));
    }

    @Test
    void whatIsNoKeyIsSaid() throws IOException {
        Path certificate = Files.writeString(keys.resolve("c.pem"), "-----BEGIN CERTIFICATE-----\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrustedKeys.of(List.of(certificate)))
                .withMessageContaining("public key in PEM")
                .withMessageContaining("c.pem");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrustedKeys.of(List.of(keys.resolve("none.pem"))))
                .withMessageContaining("none.pem");
    }

    private TrustedKeys trusted(KeyPair... pairs) {
        List<Path> files = IntStream.range(0, pairs.length)
                .mapToObj(i -> SignedFolder.pem(pairs[i].getPublic(), keys.resolve(i + ".pem")))
                .toList();
        return TrustedKeys.of(files);
    }

    private void refuses(String clause, String word, TrustedKeys trusted) {
        assertThatThrownBy(() -> Bundle.load(folder, trusted))
                .asInstanceOf(type(BundleException.class))
                .satisfies(refusal -> {
                    assertThat(refusal.clause()).isEqualTo(clause);
                    assertThat(refusal).hasMessageContaining(word);
                });
    }
}
