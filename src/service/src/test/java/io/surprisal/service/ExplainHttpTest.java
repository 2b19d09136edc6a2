package io.surprisal.service;

import static io.restassured.RestAssured.given;
import static io.surprisal.service.Http.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.surprisal.detector.Detector;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.TinyCascade;
import io.surprisal.detector.image.ImageDecoder;
import io.surprisal.detector.image.ImageLimits;
import io.surprisal.detector.image.Pixels;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.verdict.Decision;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One image looked at closely, against the closed form of the model behind it. */
@QuarkusTest
@QuarkusTestResource(Bundles.class)
class ExplainHttpTest {
    @BeforeEach
    void awaitStarted() {
        Service.awaitStarted();
    }

    private static ValidatableResponse post(String path, byte[] body) {
        return given().contentType("image/png").body(body).post(path).then();
    }

    @Test
    void eachDimensionHasTheSurprisalOfTheClosedForm() {
        Levels image = Bundles.GREY.clean(1, 3);
        JsonPath answer = post("/v1/explain", Images.clean(0))
                .statusCode(200)
                .body("model", equalTo("tiny-grey"))
                .body("shape.width", equalTo(8))
                .body("levels", equalTo(256))
                .body("verdict.flagged", equalTo(false))
                .body("verdict.statistics.size()", greaterThan(5))
                .body("values", hasSize(64))
                .extract()
                .jsonPath();
        List<Integer> values = answer.getList("values", Integer.class);
        List<Double> surprisal = answer.getList("surprisalBits", Double.class);
        List<Double> expected = answer.getList("expectedBits", Double.class);
        List<Double> cdf = answer.getList("cdf", Double.class);
        int[] previous = Bundles.GREY.model().previous(image, 0);
        for (int i = 0; i < 64; i++) {
            int level = Byte.toUnsignedInt(image.data()[i]);
            assertThat(values.get(i)).isEqualTo(level);
            assertThat(surprisal.get(i))
                    .isCloseTo(-Bundles.GREY.model().logProb(previous[i], level) / Math.log(2), within(6e-4));
            assertThat(expected.get(i))
                    .isCloseTo(Bundles.GREY.model().entropy(previous[i]) / Math.log(2), within(6e-4));
            assertThat(cdf.get(i)).isCloseTo(Bundles.GREY.model().cdf(previous[i], level), within(2e-6));
        }
    }

    @Test
    void whatIsExaminedDoesNotCountAsADecision() {
        post("/v1/score", Images.noise()).statusCode(200);
        String before = verdicts();
        post("/v1/explain", Images.noise()).statusCode(200).body("verdict.flagged", equalTo(true));
        post("/v1/purify?epsilon=1", Images.noise()).statusCode(200);
        assertThat(verdicts()).isEqualTo(before);
    }

    private static String verdicts() {
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("surprisal_verdicts_total"))
                .sorted()
                .toList()
                .toString();
    }

    @Test
    void aPurifiedImageIsNearAndLikelier() {
        JsonPath answer = post("/v1/purify?epsilon=8", Images.noise())
                .statusCode(200)
                .body("before.flagged", equalTo(true))
                .extract()
                .jsonPath();
        assertThat(answer.getDouble("after.bitsPerDimension"))
                .isLessThan(answer.getDouble("before.bitsPerDimension") - 0.2);
        Pixels purified = new ImageDecoder(ImageLimits.defaults())
                .decode(Base64.getDecoder().decode(answer.getString("image")));
        byte[] noise = Bundles.GREY.noise(1, 4).data();
        for (int i = 0; i < noise.length; i++) {
            assertThat(Byte.toUnsignedInt(purified.data()[i])).isCloseTo(Byte.toUnsignedInt(noise[i]), within(8));
        }
    }

    @Test
    void coloursKeepTheirChannels() {
        byte[] rgb = TinyBundle.png(Bundles.RGB.clean(1, 5), 0);
        JsonPath answer = post("/v1/purify?epsilon=0&model=tiny-rgb", rgb)
                .statusCode(200)
                .extract()
                .jsonPath();
        ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());
        assertThat(decoder.decode(Base64.getDecoder().decode(answer.getString("image"))))
                .isEqualTo(decoder.decode(rgb));
    }

    @Test
    void aScreenedImageIsPurifiedByTheModelAndJudgedByBoth() {
        JsonPath answer = post("/v1/purify?epsilon=8&model=tiny-cascade", Images.noise())
                .statusCode(200)
                .body("before.flagged", equalTo(true))
                .body("before.screened", equalTo(true))
                .extract()
                .jsonPath();
        JsonPath byModelAlone = post("/v1/purify?epsilon=8&model=tiny-grey", Images.noise())
                .statusCode(200)
                .extract()
                .jsonPath();
        assertThat(answer.getString("image")).isEqualTo(byModelAlone.getString("image"));
    }

    @Test
    void thresholdsOfACascadeAreThoseOfWhatTheModelIsAskedAbout(@TempDir Path folder) {
        double expected;
        try (Detector detector = Detector.load(TinyCascade.grey().write(folder.resolve("tiny-grey/1"), "1"))) {
            expected = detector.threshold(new Decision("combined", 0.05));
        }
        JsonPath answer = given().get("/v1/models/tiny-cascade/versions/1/calibration")
                .then()
                .statusCode(200)
                // The histogram is of the model by itself, ranked among all the images.
                .body("statistics[0].images", equalTo(4000))
                .body("statistics[0].stages.stage", equalTo(List.of("cleared", "unsure", "suspect")))
                .extract()
                .jsonPath();
        assertThat(
                        answer.getDouble(
                                "statistics.find { it.name == 'combined' }.thresholds.find { it.falsePositiveRate == 0.05f }.score"))
                .isCloseTo(expected, within(1e-4));
    }

    @Test
    void anImageOfACascadeLiesAmongThoseThatEndedInItsStage() {
        post("/v1/explain?model=tiny-cascade", Images.noise())
                .statusCode(200)
                .body("stage", equalTo("suspect"))
                .body("verdict.screened", equalTo(true));
        Map<String, Integer> ended = new HashMap<>();
        for (int image = 0; image < 40; image++) {
            JsonPath answer = post("/v1/explain?model=tiny-cascade", TinyBundle.png(Bundles.GREY.clean(40, 3), image))
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            assertThat(answer.getBoolean("verdict.screened"))
                    .isEqualTo(!answer.getString("stage").equals("unsure"));
            ended.merge(answer.getString("stage"), 1, Integer::sum);
        }
        assertThat(ended).containsKeys("cleared", "unsure");
        post("/v1/explain?model=tiny-grey", Images.clean(0)).statusCode(200).body("stage", nullValue());

        JsonPath calibration =
                given().get("/v1/models/tiny-cascade/versions/1/calibration").jsonPath();
        // 4,000 images, of which a tenth was cut to choose the screen's scores by.
        int images = 0;
        for (int stage = 0; stage < 3; stage++) {
            String path = "statistics[0].stages[" + stage + "]";
            assertThat(calibration.getList(path + ".histogram.counts", Integer.class).stream()
                            .mapToInt(Integer::intValue)
                            .sum())
                    .isEqualTo(calibration.getInt(path + ".images"));
            images += calibration.getInt(path + ".images");
        }
        assertThat(images).isEqualTo(3600);
        given().get("/v1/models/tiny-grey/versions/9/calibration").then().body("statistics[0].stages", nullValue());
    }

    @Test
    void badRequestsAreToldWhatWasExpected() {
        problem(post("/v1/explain", Images.notAnImage()), 400, "unreadable-image");
        problem(post("/v1/explain?model=absent", Images.clean(0)), 404, "unknown-model");
        problem(post("/v1/purify?epsilon=none", Images.clean(0)), 400, "invalid-request")
                .body("detail", equalTo("expected epsilon to be a number of levels, got 'none'"));
        problem(post("/v1/purify?epsilon=65", Images.clean(0)), 400, "invalid-request")
                .body("detail", equalTo("expected an epsilon of 0 to 64 levels, got 65"));
        problem(post("/v1/purify", Images.notAnImage()), 400, "unreadable-image");
        problem(post("/v1/purify?model=tiny-nan", Images.blackAndWhite()), 500, "inference-failed");
        problem(post("/v1/purify?statistic=absent", Images.clean(0)), 400, "invalid-request");
    }

    @Test
    void aCalibrationHasHistogramsAndThresholds() {
        JsonPath answer = given().get("/v1/models/tiny-grey/versions/9/calibration")
                .then()
                .statusCode(200)
                .body("version", equalTo("9"))
                .body("statistics[0].name", equalTo("bits-per-dimension"))
                .body("statistics[0].images", equalTo(400))
                // 400 images support 1 % and 5 %, and not 0.1 %.
                .body("statistics[0].thresholds.falsePositiveRate", equalTo(List.of(0.01f, 0.05f)))
                .extract()
                .jsonPath();
        assertThat(answer.getList("statistics[0].histogram.counts", Integer.class))
                .hasSize(60)
                .satisfies(counts -> assertThat(
                                counts.stream().mapToInt(Integer::intValue).sum())
                        .isEqualTo(400));
        problem(given().get("/v1/models/tiny-grey/versions/3/calibration").then(), 404, "unknown-model");
    }

    @Test
    void aModelWithoutCardOrSamplesSaysSo() {
        given().get("/v1/models/tiny-grey/versions/9/samples")
                .then()
                .statusCode(200)
                .body("$", hasSize(0));
        problem(given().get("/v1/models/tiny-grey/versions/9/card").then(), 404, "invalid-request")
                .body("detail", equalTo("the model came without README.md"));
    }

    @Test
    void thePageKeepsToItself() {
        given().get("/")
                .then()
                .statusCode(200)
                .contentType(containsString("text/html"))
                .header("content-security-policy", containsString("connect-src 'self'"))
                .header("cache-control", containsString("max-age=0"));
    }
}
