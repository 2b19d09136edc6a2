package io.surprisal.service;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The description of the API against the service, by a tester nobody here wrote: Schemathesis makes requests of what {@code /q/openapi}
 * says, good ones and bad ones, and holds the answers against it. Which of its checks are on, and why others are not, is in
 * {@code schemathesis.toml}.
 */
@QuarkusTest
@QuarkusTestResource(Bundles.class)
class SchemathesisTest {
    static final String SCHEMATHESIS = "schemathesis==4.32.5";
    private static final Path CONFIGURATION = Path.of("src", "test", "python", "schemathesis.toml");

    @TempDir
    Path folder;

    @Test
    void theServiceDoesWhatItsDescriptionSays() throws IOException, InterruptedException {
        PythonEnvironment python = PythonEnvironment.with("schemathesis", SCHEMATHESIS);
        Service.awaitStarted();
        Files.write(folder.resolve("clean.png"), Images.clean(0));
        Files.write(folder.resolve("noise.png"), Images.noise());

        python.run(
                Map.of("SURPRISAL_IMAGES", folder.toString()),
                python.program("schemathesis"),
                "--config-file",
                CONFIGURATION.toString(),
                "run",
                "--no-color",
                "http://localhost:%d/q/openapi".formatted(RestAssured.port));
    }
}
