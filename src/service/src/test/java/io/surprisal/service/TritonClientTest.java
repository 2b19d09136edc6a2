package io.surprisal.service;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Open Inference Protocol, asked for by a client nobody here wrote: Triton's, over HTTP and gRPC. */
@QuarkusTest
@QuarkusTestResource(Bundles.class)
class TritonClientTest {
    static final String CLIENT = "tritonclient[grpc,http]==2.73.0";
    private static final Path SCRIPT = Path.of("src", "test", "python", "triton_client.py");

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int grpcPort;

    @TempDir
    Path folder;

    @Test
    void tritonsClientIsServedOverHttpAndGrpc() throws IOException, InterruptedException {
        PythonEnvironment python = PythonEnvironment.with("tritonclient", CLIENT);
        Service.awaitStarted();
        Files.write(folder.resolve("clean.raw"), Bundles.GREY.clean(1, 3).data());
        Files.write(folder.resolve("noise.raw"), Bundles.GREY.noise(1, 4).data());
        Files.write(folder.resolve("clean.png"), Images.clean(0));
        Files.write(folder.resolve("noise.png"), Images.noise());

        python.run(SCRIPT, "localhost:" + io.restassured.RestAssured.port, "localhost:" + grpcPort, folder.toString());
    }
}
