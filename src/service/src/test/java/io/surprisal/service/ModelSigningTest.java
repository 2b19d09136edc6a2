package io.surprisal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.surprisal.detector.bundle.Bundle;
import io.surprisal.detector.bundle.BundleException;
import io.surprisal.detector.bundle.TrustedKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles signed by a program nobody here wrote: the reference implementation of OpenSSF Model Signing. */
class ModelSigningTest {
    // It imports pyOpenSSL, and does not say so.
    private static final String[] REFERENCE = {"model-signing==1.1.1", "pyopenssl==26.4.0"};
    private static final Path SCRIPT = Path.of("src", "test", "python", "model_signing_keys.py");

    @TempDir
    Path folder;

    @Test
    void whatTheReferenceImplementationSignsIsTrusted() throws IOException, InterruptedException {
        PythonEnvironment python = PythonEnvironment.with("model-signing", REFERENCE);
        Path bundle = Files.createDirectories(folder.resolve("bundle"));
        Bundles.GREY.write(bundle);

        python.run(SCRIPT, folder.toString(), bundle.toString());

        TrustedKeys ours = TrustedKeys.of(List.of(folder.resolve("ours.pub.pem")));
        TrustedKeys theirs = TrustedKeys.of(List.of(folder.resolve("theirs.pub.pem")));
        assertThat(Bundle.load(bundle, ours).manifest().name()).isEqualTo("tiny-grey");
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> Bundle.load(bundle, theirs))
                .withMessageContaining("signature in model.sig");
    }
}
