package io.surprisal.service;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.surprisal.detector.TinyFault;
import io.surprisal.service.batch.Batcher;
import io.surprisal.service.batch.QueueFullException;
import io.surprisal.service.caller.Claim;
import io.surprisal.service.config.SurprisalConfig;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bundles come, change and go while the service runs, and requests notice nothing but another version in their answers. */
@QuarkusTest
@QuarkusTestResource(value = Repository.class, restrictToAnnotatedClass = true)
class ModelRepositoryTest {
    private static final int QUEUE_IMAGES = 1024;

    @Inject
    SurprisalConfig config;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int grpcPort;

    @Inject
    MeterRegistry registry;

    @Inject
    Batcher batcher;

    /** Whatever an earlier test left: only version 1 of tiny-grey, and it serves. */
    @BeforeEach
    void onlyVersionOne() throws IOException {
        Service.awaitStarted();
        for (Path version : versions()) {
            if (!version.endsWith("1")) {
                Repository.remove(
                        models(), Integer.parseInt(version.getFileName().toString()));
            }
        }
        given().post("/v2/repository/models/tiny-grey/load").then().statusCode(200);
        Patience.until("version 1 is all there is", () -> index().equals(Map.of("1", "READY")));
        Patience.until("only two models are in memory", () -> open() == 2);
    }

    private List<Path> versions() throws IOException {
        try (Stream<Path> versions = Files.list(models().resolve("tiny-grey"))) {
            return versions.toList();
        }
    }

    @Test
    void aNewVersionTakesOverAndTheOldOneIsClosed() throws IOException {
        Repository.put(models(), 2);

        Patience.until("version 2 serves", () -> index().equals(Map.of("1", "UNAVAILABLE", "2", "READY")));
        assertThat(answeredBy()).isEqualTo("2");
        Patience.until("version 1 is closed", () -> open() == 2);
        given().get("/v2/models/tiny-grey/versions/1/ready")
                .then()
                .statusCode(503)
                .body("ready", equalTo(false));
        given().post("/v2/repository/index")
                .then()
                .body(
                        "find { it.name == 'tiny-grey' && it.version == '1' }.reason",
                        equalTo("unloaded: version policy latest:1"));
    }

    @Test
    void aBadVersionIsRefusedWithItsReasonAndTheOldOneServesOn() throws IOException {
        Repository.put(models(), 2, TinyFault.OTHER_WEIGHTS);

        Patience.until("version 2 is tried", () -> index().equals(Map.of("1", "READY", "2", "UNAVAILABLE")));
        assertThat(answeredBy()).isEqualTo("1");
        given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'models' }.data.'tiny-grey/2'", containsString("golden image 0"));
        given().get("/v2/health/ready").then().statusCode(200);
        given().post("/v2/repository/models/tiny-grey/load")
                .then()
                .statusCode(422)
                .body("error", containsString("tiny-grey/2 is refused: golden image 0"));
        assertThat(open()).as("what was refused is not kept").isEqualTo(2);
    }

    @Test
    void whatReplacesAVersionInItsFolderIsHeldToTheSame() throws IOException {
        Path folder = models().resolve("tiny-grey").resolve("1");
        byte[] golden = Files.readAllBytes(folder.resolve("golden.json"));
        replace(folder.resolve("golden.json"), "{}".getBytes(StandardCharsets.UTF_8));

        Patience.until("the change is refused", () -> health("tiny-grey/1").contains("SHA-256 of golden.json"));
        assertThat(health("tiny-grey/1")).startsWith("serving what was there before");
        assertThat(answeredBy()).isEqualTo("1");
        given().get("/q/health/ready").then().statusCode(200);

        replace(folder.resolve("golden.json"), golden);
        Patience.until(
                "it serves again without a word", () -> health("tiny-grey/1").equals("serving"));
        Patience.until("what served before is closed", () -> open() == 2);
    }

    @Test
    void aModelIsUnloadedAndLoadedOnRequest() {
        given().post("/v2/repository/models/tiny-grey/unload").then().statusCode(200);
        given().get("/v2/models/tiny-grey/ready").then().statusCode(503);
        given().contentType("image/png")
                .body(Images.clean(0))
                .post("/v1/score")
                .then()
                .statusCode(503)
                .body("detail", containsString("unloaded: on request"));
        given().get("/q/health/ready").then().statusCode(200);
        Patience.until("it is closed", () -> open() == 1);

        given().body("{\"parameters\":{}}")
                .post("/v2/repository/models/tiny-grey/load")
                .then()
                .statusCode(200);
        assertThat(answeredBy()).isEqualTo("1");

        given().post("/v2/repository/models/none/load").then().statusCode(404);
        given().post("/v2/repository/models/none/unload").then().statusCode(404);
        given().body("{\"parameters\":{\"config\":\"{}\"}}")
                .post("/v2/repository/models/tiny-grey/load")
                .then()
                .statusCode(400)
                .body("error", containsString("expected no parameters"));
        given().body("[").post("/v2/repository/index").then().statusCode(400);
    }

    @Test
    void aRequestIsAnsweredByTheVersionItBeganWith() throws Exception {
        CompletableFuture<HttpResponse<String>> answer;
        try (HttpClient client = HttpClient.newHttpClient()) {
            try (HeldWorker worker = HeldWorker.of(batcher)) {
                answer = client.sendAsync(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/v1/score"))
                                .header("content-type", "image/png")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(Images.clean(0)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                Patience.until("the request waits", this::somethingWaits);
                Repository.put(models(), 2);
                Patience.until("version 2 serves", () -> "READY".equals(index().get("2")));
                Patience.until("version 1 does not", () -> "UNAVAILABLE".equals(index().get("1")));
                assertThat(open()).as("version 1 is still needed").isEqualTo(3);
            }
            assertThat(answer.get().statusCode()).isEqualTo(200);
            assertThat(answer.get().body()).contains("\"version\":\"1\"");
        }
        Patience.until("version 1 is closed", () -> open() == 2);
    }

    @Test
    void aVersionThatIsTakenAwayIsUnloaded() throws IOException {
        Repository.put(models(), 2);
        Patience.until("version 2 serves", () -> "READY".equals(index().get("2")));

        Repository.remove(models(), 2);

        Patience.until("version 1 serves again", () -> index().equals(Map.of("1", "READY")));
        assertThat(answeredBy()).isEqualTo("1");
    }

    @Test
    void aBadModelThatIsAddedTakesNobodyElseDown() throws IOException {
        Path folder = Files.createDirectories(models().resolve("tiny-new").resolve("1"));
        Bundles.GREY.write(folder, TinyFault.FORBIDDEN_OPERATOR);
        try {
            Patience.until("it is tried", () -> health("tiny-new/1").startsWith("refused: "));
            given().get("/q/health/ready").then().statusCode(200);
            given().get("/v2/models/tiny-new/ready").then().statusCode(503);
        } finally {
            TemporaryFolders.delete(models().resolve("tiny-new"));
        }
    }

    @Test
    void tritonsClientCanDoAllThat() throws IOException, InterruptedException {
        PythonEnvironment python = PythonEnvironment.with("tritonclient", TritonClientTest.CLIENT);
        Repository.put(models(), 2, TinyFault.BYTE_CHANGED);
        Patience.until("version 2 is tried", () -> index().equals(Map.of("1", "READY", "2", "UNAVAILABLE")));

        python.run(
                Path.of("src", "test", "python", "triton_repository.py"),
                "localhost:" + RestAssured.port,
                "localhost:" + grpcPort);
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Path whole = Files.write(file.resolveSibling("." + file.getFileName() + ".new"), content);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The states of the versions of tiny-grey. */
    private static Map<String, String> index() {
        return given()
                .post("/v2/repository/index")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .<Map<String, String>>getList("findAll { it.name == 'tiny-grey' }")
                .stream()
                .collect(Collectors.toMap(entry -> entry.get("version"), entry -> entry.get("state")));
    }

    private static String health(String label) {
        String said = given().get("/q/health/ready").path("checks.find { it.name == 'models' }.data.'" + label + "'");
        return said == null ? "" : said;
    }

    private static String answeredBy() {
        return given().contentType("image/png")
                .body(Images.clean(0))
                .post("/v1/score")
                .then()
                .statusCode(200)
                .extract()
                .path("version");
    }

    private boolean somethingWaits() {
        try {
            batcher.requireRoom(Claim.ANONYMOUS, QUEUE_IMAGES, 1);
            return false;
        } catch (QueueFullException e) {
            return true;
        }
    }

    private double open() {
        return registry.get("surprisal.models.open").gauge().value();
    }

    private Path models() {
        return config.models().getFirst();
    }
}
