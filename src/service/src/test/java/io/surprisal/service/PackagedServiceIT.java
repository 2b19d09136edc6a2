package io.surprisal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.TinyFault;
import io.surprisal.service.bench.BenchCommand;
import io.surprisal.service.demo.DemoCommand;
import io.surprisal.service.launch.ServiceProcess;
import io.surprisal.service.launch.ServiceStartException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The packaged program, started as users start it. */
class PackagedServiceIT {
    private static final Path PROGRAM = Path.of("target", "quarkus-app", "quarkus-run.jar");

    @TempDir
    Path folder;

    private Path bundle = Path.of("");

    @BeforeEach
    void writeBundle() throws IOException {
        bundle = Files.createDirectories(folder.resolve("tiny-grey").resolve("1"));
        Bundles.GREY.write(bundle);
        Path samples = Files.createDirectories(bundle.resolve("samples"));
        Files.write(samples.resolve("clean.png"), TinyBundle.png(Bundles.GREY.clean(1, 3), 0));
        Files.write(samples.resolve("noise.png"), Images.noise());
        Files.write(samples.resolve("not-an-image.png"), Images.notAnImage());
    }

    @Test
    void theDemoScoresTheSamplesOverBothTransportsAndStops() {
        assertThat(new CommandLine(new DemoCommand())
                        .execute("--bundle", bundle.toString(), "--program", PROGRAM.toString()))
                .isZero();
    }

    @Test
    void theBenchMeasuresBothTransports() throws IOException {
        Path json = folder.resolve("bench.json");
        int status = new CommandLine(new BenchCommand())
                .execute(
                        "--bundle", bundle.toString(),
                        "--program", PROGRAM.toString(),
                        "--concurrency", "2",
                        "--images-per-request", "1,3",
                        "--rounds", "1",
                        "--seconds", "0.2",
                        "--warm-up-requests", "200",
                        "--target", "0",
                        "--json", json.toString());
        assertThat(status).isZero();
        assertThat(Files.readString(json)).contains("\"ratio\"", "\"p99Millis\"");
    }

    @Test
    void stoppingAnswersWhatIsOnItsWay() throws Exception {
        HttpRequest request;
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            try (ServiceProcess service = ServiceProcess.start(PROGRAM, bundle, Map.of())) {
                request = HttpRequest.newBuilder(service.http().resolve("/v1/score"))
                        .header("content-type", "image/png")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Images.clean(0)))
                        .build();
                assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(200);
                for (int i = 0; i < 100; i++) {
                    answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
                }
            }
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                try {
                    assertThat(answer.get().statusCode()).isIn(200, 503);
                } catch (ExecutionException e) {
                    assertThat(e)
                            .as("never connected, or refused before it was read")
                            .hasCauseInstanceOf(IOException.class);
                }
            }
            assertThatExceptionOfType(ConnectException.class)
                    .as("it is gone")
                    .isThrownBy(() -> client.send(request, HttpResponse.BodyHandlers.ofString()));
        }
    }

    @Test
    void aBrokenBundleIsSaidAtOnce() throws IOException {
        Path broken = Files.createDirectories(folder.resolve("broken").resolve("1"));
        Bundles.GREY.write(broken, TinyFault.BYTE_CHANGED);
        assertThatExceptionOfType(ServiceStartException.class)
                .isThrownBy(() -> ServiceProcess.start(PROGRAM, broken, Map.of()))
                .withMessageContaining("SHA-256 of model.onnx");
    }
}
