package io.surprisal.service;

import static io.restassured.RestAssured.given;
import static io.surprisal.service.Http.json;
import static io.surprisal.service.Http.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.surprisal.detector.Detector;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.verdict.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code /v1} answers to good requests, against real bundles. */
@QuarkusTest
@QuarkusTestResource(Bundles.class)
class ScoreHttpTest {
    @BeforeEach
    void awaitStarted() {
        Service.awaitStarted();
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
    void whatAScreenIsSureOfSaysSoAndIsCounted() {
        double before = screened();
        post("image/png", Images.noise(), "model=tiny-cascade")
                .statusCode(200)
                .body("verdicts[0].flagged", equalTo(true))
                .body("verdicts[0].screened", equalTo(true));
        assertThat(screened()).isEqualTo(before + 1);
        post("image/png", Images.noise(), "model=tiny-grey")
                .statusCode(200)
                .body("verdicts[0].screened", equalTo(false));
    }

    private static double screened() {
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("surprisal_screened_total") && line.contains("tiny-cascade"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElseThrow();
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
        assertThat(nats).isCloseTo(expected.assessment().logLikelihood().nats(), within(1e-3));
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

    /** Small files of a known length take a way of their own through the service. */
    @Test
    void aFileThatHidesItsLengthIsAnsweredTheSame() throws IOException, InterruptedException {
        URI score =
                URI.create("http://localhost:" + RestAssured.port + "/v1/score?statistic=bits-per-dimension&fpr=0.05");
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (byte[] body : List.of(Images.clean(0), Images.noise(), Images.wrongSize())) {
                HttpResponse<String> known = send(client, score, HttpRequest.BodyPublishers.ofByteArray(body));
                HttpResponse<String> hidden = send(
                        client, score, HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
                assertThat(known.body()).isEqualTo(hidden.body());
                assertThat(known.statusCode()).isEqualTo(hidden.statusCode());
                assertThat(known.headers().firstValue("content-type"))
                        .isEqualTo(hidden.headers().firstValue("content-type"));
            }
        }
    }

    @Test
    void aQueryThatIsNoneIsRefused() throws IOException, InterruptedException {
        try (Socket socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(
                            "POST /v1/score?model=%zz HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 1\r\n\r\nx"
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 400");
        }
    }

    @Test
    void aCallerThatAsksBeforeItSendsIsToldToGoOn() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/v1/score"))
                .header("content-type", "image/png")
                .version(HttpClient.Version.HTTP_1_1)
                .expectContinue(true)
                .timeout(Duration.ofSeconds(10))
                .POST(HttpRequest.BodyPublishers.ofByteArray(Images.clean(0)))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private static HttpResponse<String> send(HttpClient client, URI score, HttpRequest.BodyPublisher body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(score)
                .header("content-type", "image/png")
                .POST(body)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
