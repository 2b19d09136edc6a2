package io.surprisal.service;

import static io.restassured.RestAssured.given;
import static io.surprisal.service.Http.json;
import static io.surprisal.service.Http.post;
import static io.surprisal.service.Http.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.surprisal.service.batch.Batcher;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code /v1} answers to everything else; after every test a good request is answered, whatever the test did. */
@QuarkusTest
@QuarkusTestResource(Bundles.class)
class BadHttpRequestTest {
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
        problem(post(type, body.getBytes(StandardCharsets.UTF_8)), 400, "invalid-request")
                .body("detail", containsString(detail));
    }

    @Test
    void bytesThatAreNoTextAreTheCallersFault() {
        problem(
                post("application/json", new byte[] {0, 0, (byte) 0xFF, (byte) 0xFE, '{', '}'}),
                400,
                "invalid-request");
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no boundary",
                "--b\r\nno header--b--\r\n",
                "--b\r\ncontent-disposition: form-data; name=\"image\""
            })
    void aFormThatIsNoneIsTheCallersFault(String body) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://localhost:%d/v1/score".formatted(RestAssured.port)))
                    .header("content-type", "multipart/form-data; boundary=b")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
            assertThat(response.body()).contains("urn:surprisal:problem:invalid-request");
        }
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
                Arguments.of("fpr=", 400, "invalid-request", "''"),
                Arguments.of("timeout=", 400, "invalid-request", "''"),
                Arguments.of("fpr=0", 400, "invalid-request", "between 0 and 1"),
                Arguments.of("fpr=NaN", 400, "invalid-request", "between 0 and 1"),
                Arguments.of("fpr=0.00001", 400, "invalid-request", "99999"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badQueries")
    void aParameterThatCannotBeIsTheCallersFault(String query, int status, String type, String detail) {
        problem(post("image/png", Images.clean(0), query), status, type).body("detail", containsString(detail));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fpr", "timeout", "priority", "epsilon"})
    void aBlankValueIsNotOneLeftOut(String name) {
        problem(
                        given().contentType("image/png")
                                .queryParam(name, "")
                                .body(Images.clean(0))
                                .post("/v1/purify")
                                .then(),
                        400,
                        "invalid-request")
                .body("detail", containsString(name));
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
        problem(given().get("/v1/score").then(), 405, "invalid-request").header("Allow", equalTo("POST, OPTIONS"));
        given().post("/v2/models/tiny-grey/ready")
                .then()
                .statusCode(405)
                .header("Allow", equalTo("GET, HEAD, OPTIONS"));
        given().options("/v2/models/tiny-grey/infer").then().statusCode(200).header("Allow", equalTo("POST, OPTIONS"));
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
        try (FullQueue full = FullQueue.of(batcher)) {
            problem(post("image/png", Images.clean(0)), 429, "overloaded").header("Retry-After", equalTo("1"));
        }
    }
}
