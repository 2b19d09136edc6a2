package io.surprisal.service;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.surprisal.detector.Detector;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.verdict.Verdict;
import io.surprisal.service.batch.Batcher;
import io.surprisal.service.batch.Evaluation;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code /v1} over HTTP against real bundles; after every test a good request is answered, whatever the test did. */
@QuarkusTest
@QuarkusTestResource(Bundles.class)
class ScoreHttpTest {
    @Inject
    Batcher batcher;

    @BeforeEach
    void awaitStarted() {
        Service.awaitStarted();
    }

    @AfterEach
    void theServiceLivesOn() {
        post("image/png", Images.clean(0)).statusCode(200).body("verdicts", hasSize(1));
    }

    @Test
    void aFileAsTheBodyGetsOneVerdict() {
        post("image/png", Images.clean(0))
                .statusCode(200)
                .contentType("application/json")
                .body("model", equalTo("tiny-grey"))
                .body("version", equalTo("10"))
                .body("verdicts", hasSize(1))
                .body("verdicts[0].flagged", equalTo(false))
                .body("verdicts[0].reason", notNullValue())
                .body("verdicts[0].bitsPerDimension", notNullValue())
                .body("verdicts[0].logLikelihoodNats", lessThan(0f))
                .body("verdicts[0].pValue", notNullValue())
                .body("verdicts[0].falsePositiveRate", equalTo(0.01f))
                .body("verdicts[0].statistics.name", hasItems("bits-per-dimension", "typicality"))
                .body("verdicts[0].statistics[0].value", notNullValue())
                .body("verdicts[0].statistics[0].pValue", notNullValue());
    }

    @Test
    void theAnswerIsTheDetectorsOwn(@TempDir Path folder) {
        byte[] image = Images.noise();
        Verdict expected;
        try (Detector detector = Detector.load(Bundles.GREY.write(folder))) {
            expected = detector.examine(List.of(image)).getFirst();
        }
        double nats = post("application/octet-stream", image)
                .statusCode(200)
                .body("verdicts[0].flagged", equalTo(true))
                .body("verdicts[0].reason", equalTo(expected.reason()))
                .extract()
                .jsonPath()
                .getDouble("verdicts[0].logLikelihoodNats");
        assertThat(nats)
                .isCloseTo(expected.assessment().logLikelihood().nats(), org.assertj.core.api.Assertions.within(1e-3));
    }

    @Test
    void aJpegFileIsRead() {
        post("image/jpeg", Images.jpeg()).statusCode(200).body("verdicts", hasSize(1));
    }

    @Test
    void aFormWithSeveralFilesGetsAVerdictForEachInTheirOrder() {
        given().multiPart("image", "a.png", Images.clean(0), "image/png")
                .multiPart("image", "b.png", Images.noise(), "image/png")
                .multiPart("image", "c.png", Images.clean(0), "image/png")
                .post("/v1/score")
                .then()
                .statusCode(200)
                .body("verdicts.flagged", equalTo(List.of(false, true, false)));
    }

    @Test
    void jsonWithSeveralImagesGetsAVerdictForEachInTheirOrder() {
        post("application/json", json(Images.clean(0), Images.noise()))
                .statusCode(200)
                .body("verdicts.flagged", equalTo(List.of(false, true)));
    }

    @Test
    void sixtyFourImagesAreScored() {
        byte[][] images = IntStream.range(0, 64).mapToObj(i -> Images.clean(0)).toArray(byte[][]::new);
        post("application/json", json(images)).statusCode(200).body("verdicts", hasSize(64));
    }

    @Test
    void theRequestChoosesModelVersionStatisticAndRate() {
        post("image/png", Images.clean(0), "version=9&statistic=bits-per-dimension&fpr=0.05")
                .statusCode(200)
                .body("version", equalTo("9"))
                .body("verdicts[0].falsePositiveRate", equalTo(0.05f));
        post("image/png", TinyBundle.png(Bundles.RGB.clean(1, 1), 0), "model=tiny-rgb")
                .statusCode(200)
                .body("model", equalTo("tiny-rgb"));
    }

    static Stream<Arguments> unreadable() {
        return Stream.of(
                Arguments.of("not an image", Images.notAnImage(), "expected PNG or JPEG"),
                Arguments.of("truncated", Images.truncated(), ""),
                Arguments.of("wrong size", Images.wrongSize(), "expected an image of 8×8 grey, found 9×8 grey"),
                Arguments.of("wrong channels", Images.wrongChannels(), "expected an image of 8×8 grey, found 8×8 RGB"),
                Arguments.of("50,000×50,000", Images.huge(), "50000×50000"),
                Arguments.of("animated", Images.animated(), ""),
                Arguments.of("CMYK", Images.cmyk(), ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreadable")
    void anImageThatCannotBeReadIsTheCallersFault(String what, byte[] image, String detail) {
        problem(post("image/png", image), 400, "unreadable-image").body("detail", containsString(detail));
    }

    @Test
    void theMessageSaysWhichImageCannotBeRead() {
        problem(post("application/json", json(Images.clean(0), Images.notAnImage())), 400, "unreadable-image")
                .body("detail", containsString("image 2 of 2"));
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("image/png", "", "empty"),
                Arguments.of("application/json", "", "empty body"),
                Arguments.of("application/json", "{", "JSON"),
                Arguments.of("application/json", "[]", "JSON"),
                Arguments.of("application/json", "{}", "no images"),
                Arguments.of("application/json", "{\"images\":[]}", "at least one image"),
                Arguments.of("application/json", "{\"images\":[{}]}", "image 1 has none"),
                Arguments.of("application/json", "{\"images\":[null]}", "image 1 has none"),
                Arguments.of("application/json", "{\"images\":[{\"data\":\"###\"}]}", "base64"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("malformed")
    void aBodyThatIsNotWhatItSaysIsTheCallersFault(String type, String body, String detail) {
        problem(post(type, body.getBytes(java.nio.charset.StandardCharsets.UTF_8)), 400, "invalid-request")
                .body("detail", containsString(detail));
    }

    @Test
    void aFormWithoutImagesIsTheCallersFault() {
        problem(
                        given().multiPart("picture", "a.png", Images.clean(0))
                                .post("/v1/score")
                                .then(),
                        400,
                        "invalid-request")
                .body("detail", containsString("'image'"));
    }

    @Test
    void sixtyFiveImagesAreTooMany() {
        byte[][] images = IntStream.range(0, 65).mapToObj(i -> Images.clean(0)).toArray(byte[][]::new);
        problem(post("application/json", json(images)), 400, "invalid-request")
                .body("detail", equalTo("expected at most 64 images in one request, got 65"));
    }

    static Stream<Arguments> badQueries() {
        return Stream.of(
                Arguments.of("model=none", 404, "unknown-model", "tiny-grey/10"),
                Arguments.of("version=11", 404, "unknown-model", "version 11"),
                Arguments.of("statistic=magic", 400, "invalid-request", "magic"),
                Arguments.of("fpr=much", 400, "invalid-request", "'much'"),
                Arguments.of("fpr=0", 400, "invalid-request", "between 0 and 1"),
                Arguments.of("fpr=NaN", 400, "invalid-request", "between 0 and 1"),
                Arguments.of("fpr=0.00001", 400, "invalid-request", "99999"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badQueries")
    void aParameterThatCannotBeIsTheCallersFault(String query, int status, String type, String detail) {
        problem(post("image/png", Images.clean(0), query), status, type).body("detail", containsString(detail));
    }

    @Test
    void aBodyOverTheLimitIsRefusedBeforeItIsRead() {
        problem(post("image/png", new byte[1024 * 1024 + 1]), 413, "body-too-large")
                .body("detail", containsString("1048576"));
    }

    @Test
    void anotherContentTypeIsNotSupported() {
        problem(post("text/plain", Images.clean(0)), 415, "invalid-request")
                .body("detail", containsString("image/png"));
    }

    @Test
    void anotherMethodIsNotAllowed() {
        problem(given().get("/v1/score").then(), 405, "invalid-request");
    }

    @Test
    void anUnknownPathIsAProblemToo() {
        problem(given().get("/v1/nothing").then(), 404, "invalid-request");
    }

    @Test
    void aModelThatAnswersNaNIsTheServicesFaultAndGivesNoVerdict() {
        problem(post("image/png", Images.blackAndWhite(), "model=tiny-nan"), 500, "inference-failed")
                .body("detail", containsString("log_prob"))
                .body("detail", containsString("NaN"));
        post("image/png", Images.clean(0), "model=tiny-nan").statusCode(200);
    }

    @Test
    void aFullQueueAsksToComeBackLater() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Evaluation held = images -> {
            running.countDown();
            await(release);
            throw new io.surprisal.detector.density.InferenceException("released");
        };
        Levels images = Bundles.GREY.clean(64, 1);
        try {
            batcher.submit(held, images.slice(0, 1));
            running.await();
            batcher.submit(held, images);
            problem(post("image/png", Images.clean(0)), 429, "overloaded").header("Retry-After", equalTo("1"));
        } finally {
            release.countDown();
        }
    }

    @Test
    void theModelsBeingServedAreListed() {
        given().get("/v1/models")
                .then()
                .statusCode(200)
                .body("models.name", equalTo(List.of("tiny-grey", "tiny-grey", "tiny-nan", "tiny-rgb")))
                .body("models.version", equalTo(List.of("10", "9", "1", "1")))
                .body("models[0].shape.height", equalTo(8))
                .body("models[0].statistics", hasItems("bits-per-dimension"))
                .body("models[0].falsePositiveRate", equalTo(0.01f));
    }

    @Test
    void theMapIsAPngOfTheImagesSize() throws IOException {
        byte[] map = given().contentType("image/png")
                .body(Images.noise())
                .post("/v1/map")
                .then()
                .statusCode(200)
                .contentType("image/png")
                .extract()
                .asByteArray();
        var picture = ImageIO.read(new ByteArrayInputStream(map));
        assertThat(picture.getWidth()).isEqualTo(8);
        assertThat(picture.getHeight()).isEqualTo(8);
        assertThat(IntStream.range(0, 64).map(i -> picture.getRaster().getSample(i % 8, i / 8, 0)))
                .as("noise surprises somewhere")
                .anyMatch(grey -> grey > 64);
    }

    @Test
    void theServiceIsReadyAndSaysWhatItServes() {
        given().get("/q/health/live").then().statusCode(200);
        given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'models' }.data.'tiny-grey/10'", equalTo("serving"));
    }

    @Test
    void metricsAreInPrometheusFormat() {
        post("image/png", Images.noise()).statusCode(200);
        String metrics = given().accept("text/plain")
                .get("/q/metrics")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(metrics)
                .contains("# TYPE surprisal_batch_images histogram")
                .contains("# TYPE surprisal_queue_images gauge")
                .contains("# TYPE surprisal_verdicts_total counter")
                .containsPattern(
                        "surprisal_verdicts_total\\{model=\"tiny-grey\",verdict=\"flagged\",version=\"10\",\\} [1-9]")
                .containsPattern(
                        "surprisal_bits_per_dimension_bucket\\{model=\"tiny-grey\",version=\"10\",le=\"8.0\",\\}")
                .containsPattern("surprisal_queue_wait_seconds_bucket\\{le=\"0.001\",\\}")
                .containsPattern("surprisal_inference_seconds_count [1-9]")
                .containsPattern("surprisal_score_seconds_count\\{outcome=\"success\",\\} [1-9]")
                .containsPattern("http_server_requests_seconds_count\\{[^}]*uri=\"/v1/score\"");
        assertThat(metrics.lines())
                .allMatch(line -> line.startsWith("#")
                        || line.matches("[a-zA-Z_:][a-zA-Z0-9_:]*(\\{.*\\})? (NaN|[+-]?Inf|[-+0-9.eE]+)"));
    }

    @Test
    void theDescriptionNamesAllThreeForms() {
        given().accept("application/json")
                .get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body(
                        "paths.'/v1/score'.post.requestBody.content.keySet()",
                        hasItems(
                                "image/png",
                                "image/jpeg",
                                "application/octet-stream",
                                "application/json",
                                "multipart/form-data"))
                .body("paths.'/v1/score'.post.responses.keySet()", hasItems("200", "400", "404", "413", "429", "503"))
                .body("paths.'/v1/map'", not(nullValue()))
                .body("components.schemas.Problem.properties.keySet()", hasItems("type", "title", "status", "detail"));
        given().get("/q/swagger-ui/").then().statusCode(200);
    }

    private static ValidatableResponse post(String type, byte[] body) {
        return post(type, body, "");
    }

    private static ValidatableResponse post(String type, byte[] body, String query) {
        Map<String, String> parameters = Stream.of(query.split("&"))
                .filter(pair -> pair.contains("="))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        return given().config(io.restassured.RestAssured.config()
                        .encoderConfig(io.restassured.config.EncoderConfig.encoderConfig()
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                                .encodeContentTypeAs(type, io.restassured.http.ContentType.BINARY)))
                .contentType(type)
                .queryParams(parameters)
                .body(body)
                .post("/v1/score")
                .then();
    }

    private static ValidatableResponse problem(ValidatableResponse response, int status, String type) {
        return response.statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:surprisal:problem:" + type))
                .body("status", equalTo(status))
                .body("title", notNullValue())
                .body("detail", notNullValue());
    }

    private static byte[] json(byte[]... images) {
        return Stream.of(images)
                .map(image -> "{\"data\":\"" + Base64.getEncoder().encodeToString(image) + "\"}")
                .collect(Collectors.joining(",", "{\"images\":[", "]}"))
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
