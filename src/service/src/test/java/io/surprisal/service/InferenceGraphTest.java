package io.surprisal.service;

import static io.restassured.RestAssured.given;
import static io.surprisal.service.Http.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.gate.GateServer;
import io.surprisal.service.grpc.v1.ScoreRequest;
import io.surprisal.service.grpc.v1.ScoringGrpc;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What KServe's router makes of the service's answers, by the library with which it reads conditions, and who chooses where the answer
 * keeps images out. What can go wrong: a request that reaches the classifier with an image that was flagged, or would have been.
 */
@QuarkusTest
@QuarkusTestResource(Bundles.class)
@QuarkusTestResource(value = Classifier.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = InferenceGraphTest.Settings.class, restrictToAnnotatedClass = true)
class InferenceGraphTest {
    private static final Path GRAPH = Path.of("..", "..", "docker", "kubernetes", "kserve", "inference-graph.yaml");
    private static final Path GO = Path.of("src", "test", "go", "gjson");

    private static final Levels CLEAN = Bundles.GREY.clean(1, 3);
    private static final Levels NOISE = Bundles.GREY.noise(1, 4);

    /** As in the manifest; and the gate decides at a rate of its own. */
    public static final class Settings implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            return Map.of(
                    "surprisal.decision.callers-choose", "false",
                    "surprisal.gate.statistic", "bits-per-dimension",
                    "surprisal.gate.false-positive-rate", "0.05");
        }

        @Override
        public void stop() {}
    }

    @Inject
    GateServer gate;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int grpcPort;

    @BeforeEach
    void awaitStarted() {
        Service.awaitStarted();
    }

    @Test
    void onlyWhereNoImageIsFlaggedTheRouterGoesOn() throws Exception {
        List<String> goesOn = List.of(
                answer("tiny-grey", "", CLEAN),
                answer("tiny-grey", "\"id\":\"flagged\",", CLEAN, CLEAN),
                answer("tiny-cascade", "", CLEAN),
                answer("tiny-grey", "\"outputs\":[{\"name\":\"p_value\"},{\"name\":\"flagged\"}],", CLEAN));
        List<String> ends = List.of(
                answer("tiny-grey", "", NOISE),
                answer("tiny-grey", "", CLEAN, NOISE),
                answer("tiny-grey", "", NOISE, CLEAN),
                answer("tiny-cascade", "", NOISE, CLEAN),
                answer("tiny-grey", "\"outputs\":[{\"name\":\"p_value\"}],", CLEAN),
                answer(
                        "tiny-grey",
                        "\"outputs\":[{\"name\":\"flagged\",\"parameters\":{\"binary_data\":true}}],",
                        NOISE),
                answer("tiny-grey", "\"parameters\":{\"binary_data_output\":true},", NOISE),
                answer("tiny-grey", "\"parameters\":{\"fpr\":1e-9},", NOISE),
                answer("absent", "", CLEAN),
                "{\"outputs\":[{\"name\":\"flagged\",\"shape\":[1],\"parameters\":{\"binary_data_size\":1}}]}",
                "");
        assertThat(answers(Stream.concat(goesOn.stream(), ends.stream()).toList()))
                .containsExactlyElementsOf(Stream.concat(
                                goesOn.stream().map(any -> true), ends.stream().map(any -> false))
                        .toList());
    }

    @Test
    void whereTheServiceDecidesCallersDoNot() {
        for (String parameters : List.of("\"fpr\":1e-9", "\"fpr\":0.01", "\"statistic\":\"bits-per-dimension\"")) {
            infer("tiny-grey", "\"parameters\":{" + parameters + "},", NOISE)
                    .statusCode(400)
                    .body("error", containsString("callers-choose"));
        }
        for (String query : List.of("fpr=0.01", "statistic=bits-per-dimension")) {
            problem(Http.post("image/png", Images.noise(), query), 400, "invalid-request");
            problem(
                    given().contentType("image/png")
                            .body(Images.noise())
                            .post("/v1/explain?" + query)
                            .then(),
                    400,
                    "invalid-request");
        }
        Http.post("image/png", Images.noise()).statusCode(200);
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", grpcPort)
                .usePlaintext()
                .build();
        try {
            ScoreRequest.Builder request = ScoreRequest.newBuilder().addImages(ByteString.copyFrom(Images.noise()));
            assertThat(ScoringGrpc.newBlockingStub(channel)
                            .score(request.build())
                            .getVerdicts(0)
                            .getFlagged())
                    .isTrue();
            assertThat(catchThrowableOfType(
                                    StatusRuntimeException.class,
                                    () -> ScoringGrpc.newBlockingStub(channel)
                                            .score(request.setFalsePositiveRate(0.01)
                                                    .build()))
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.INVALID_ARGUMENT);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void theSettingsOfTheGateStillDo() {
        given().contentType("image/png")
                .body(Images.clean(0))
                .post("http://127.0.0.1:" + gate.port() + "/classify")
                .then()
                .statusCode(200)
                .header("x-surprisal-verdict", "accepted");
    }

    private static String answer(String model, String members, Levels... images) {
        return infer(model, members, images).extract().asString().replace("\n", " ");
    }

    private static ValidatableResponse infer(String model, String members, Levels... images) {
        String levels = Stream.of(images)
                .flatMap(image -> IntStream.range(0, image.data().length)
                        .mapToObj(i -> Integer.toString(Byte.toUnsignedInt(image.data()[i]))))
                .collect(Collectors.joining(","));
        String body = """
                {%s"inputs":[{"name":"image","datatype":"UINT8","shape":[%d,1,8,8],"data":[%s]}]}""".formatted(members, images.length, levels);
        return given().contentType("application/json")
                .body(body)
                .post("/v2/models/" + model + "/infer")
                .then();
    }

    /** Whether the router goes on, for each answer. */
    private static List<Boolean> answers(List<String> answers) throws Exception {
        assumeTrue(hasGo(), "Go is not installed");
        Process go = new ProcessBuilder("go", "run", ".", condition())
                .directory(GO.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var lines = go.getOutputStream()) {
            lines.write((String.join("\n", answers) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It has ended without reading them: its status says so below.
        }
        // Its answers are a few words, which wait in the pipe.
        if (!go.waitFor(2, TimeUnit.MINUTES) || go.exitValue() != 0) {
            go.destroyForcibly();
            return abort("needs github.com/tidwall/gjson, which Go could not fetch");
        }
        String said = new String(go.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return said.lines().map(Boolean::valueOf).toList();
    }

    private static String condition() throws IOException {
        JsonNode graph = new YAMLMapper().readTree(GRAPH.toFile()); // the first document
        return graph.at("/spec/nodes/root/steps/1/condition").asText();
    }

    private static boolean hasGo() throws InterruptedException {
        try {
            return new ProcessBuilder("go", "version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
