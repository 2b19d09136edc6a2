package io.surprisal.service;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.http.ContentType;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.batch.Batcher;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code /v2} answers, byte by byte where a client would read bytes; {@link TritonClientTest} asks with a client nobody here wrote. */
@QuarkusTest
@QuarkusTestResource(Bundles.class)
class OpenInferenceHttpTest {
    private static final String INFER = "/v2/models/tiny-grey/infer";
    private static final String JSON_LENGTH = "Inference-Header-Content-Length";
    private static final Levels TWO = Bundles.GREY.clean(2, 3);

    @Inject
    Batcher batcher;

    @BeforeEach
    void awaitStarted() {
        Service.awaitStarted();
    }

    @Test
    void theServerSaysWhoItIsAndHowItIs() {
        given().get("/v2")
                .then()
                .statusCode(200)
                .body("name", equalTo("surprisal"))
                .body("version", equalTo("0.1.0-SNAPSHOT"))
                .body("extensions", hasItem("binary_tensor_data"));
        given().get("/v2/health/live").then().statusCode(200).body("live", equalTo(true));
        given().get("/v2/health/ready")
                .then()
                .statusCode(200)
                .body("ready", equalTo(true))
                .body("name", nullValue());
    }

    @Test
    void aModelSaysWhatItTakesAndGives() {
        for (String path : List.of("/v2/models/tiny-rgb", "/v2/models/tiny-rgb/versions/1")) {
            given().get(path)
                    .then()
                    .statusCode(200)
                    .body("name", equalTo("tiny-rgb"))
                    .body("versions", contains("1"))
                    .body("platform", equalTo("onnxruntime_onnx"))
                    .body("inputs.name", contains("image", "encoded"))
                    .body("inputs[0].datatype", equalTo("UINT8"))
                    .body("inputs[0].shape", contains(-1, 3, 5, 6))
                    .body("inputs[1].datatype", equalTo("BYTES"))
                    .body("inputs[1].shape", contains(-1))
                    .body(
                            "outputs.name",
                            contains("flagged", "p_value", "bits_per_dimension", "log_likelihood", "log_prob"))
                    .body("outputs.datatype", contains("BOOL", "FP64", "FP64", "FP64", "FP32"))
                    .body("outputs[4].shape", contains(-1, 3, 5, 6));
        }
        given().get("/v2/models/tiny-grey").then().body("versions", contains("10", "9"));
        given().get("/v2/models/tiny-grey/ready")
                .then()
                .statusCode(200)
                .body("name", equalTo("tiny-grey"))
                .body("ready", equalTo(true));
        given().get("/v2/models/tiny-grey/versions/9/ready").then().statusCode(200);
    }

    @Test
    void onlyAModelWithAScreenSaysWhatTheScreenDecided() {
        given().get("/v2/models/tiny-cascade")
                .then()
                .statusCode(200)
                .body(
                        "outputs.name",
                        contains("flagged", "p_value", "bits_per_dimension", "log_likelihood", "screened", "log_prob"))
                .body("outputs[4].datatype", equalTo("BOOL"))
                .body("outputs[4].shape", contains(-1));
        String noise = image("[1, 1, 8, 8]", numbers(Bundles.GREY.noise(1, 4).data()));
        given().body(request("", noise))
                .post("/v2/models/tiny-cascade/infer")
                .then()
                .statusCode(200)
                .body(
                        "outputs.name",
                        contains("flagged", "p_value", "bits_per_dimension", "log_likelihood", "screened"))
                .body("outputs[4].data", contains(true));
        String asked = "{\"outputs\":[{\"name\":\"screened\"}],\"inputs\":[" + noise + "]}";
        given().body(asked)
                .post("/v2/models/tiny-cascade/infer")
                .then()
                .statusCode(200)
                .body("outputs.name", contains("screened"));
        error(infer(asked), 400, "got 'screened'");
    }

    @Test
    void aTensorInJsonGetsTheVerdictsOfTheImages() {
        ExtractableResponse<Response> files = Http.post("application/json", Http.json(Images.clean(0), Images.noise()))
                .statusCode(200)
                .extract();
        Levels noise = Bundles.GREY.noise(1, 4);
        byte[] levels = ByteBuffer.allocate(128)
                .put(Bundles.GREY.clean(1, 3).data())
                .put(noise.data())
                .array();

        infer(request("42", image("[2, 1, 8, 8]", numbers(levels))))
                .statusCode(200)
                .contentType(ContentType.JSON)
                .header(JSON_LENGTH, nullValue())
                .body("model_name", equalTo("tiny-grey"))
                .body("model_version", equalTo("10"))
                .body("id", equalTo("42"))
                .body("outputs.name", contains("flagged", "p_value", "bits_per_dimension", "log_likelihood"))
                .body("outputs[0].datatype", equalTo("BOOL"))
                .body("outputs[0].shape", contains(2))
                .body("outputs[0].data", contains(false, true))
                .body("outputs[1].data", equalTo(files.path("verdicts.pValue")))
                .body("outputs[2].data", equalTo(files.path("verdicts.bitsPerDimension")))
                .body("outputs[3].data", equalTo(files.path("verdicts.logLikelihoodNats")));
    }

    @Test
    void nestedDataAreTheSameTensor() {
        String rows = IntStream.range(0, 8)
                .mapToObj(row -> IntStream.range(0, 8)
                        .mapToObj(column -> Integer.toString(Byte.toUnsignedInt(TWO.data()[row * 8 + column])))
                        .collect(Collectors.joining(",", "[", "]")))
                .collect(Collectors.joining(",", "[[[", "]]]"));
        List<Double> flat = infer(request("", image("[1,1,8,8]", numbers(Arrays.copyOf(TWO.data(), 64)))))
                .statusCode(200)
                .body("id", nullValue())
                .extract()
                .path("outputs[3].data");

        infer(request("", image("[1,1,8,8]", rows))).statusCode(200).body("outputs[3].data", equalTo(flat));
    }

    @Test
    void imageFilesGoAsBase64() {
        String files = Stream.of(Images.clean(0), Images.jpeg(), Images.noise())
                .map(file -> '"' + Base64.getEncoder().encodeToString(file) + '"')
                .collect(Collectors.joining(",", "[", "]"));
        String input = "{\"name\":\"encoded\",\"datatype\":\"BYTES\",\"shape\":[3],\"data\":" + files + "}";

        infer(request("", input))
                .statusCode(200)
                .body("outputs[0].data", hasSize(3))
                .body("outputs[0].data[2]", equalTo(true));
    }

    @Test
    void binaryTensorsGoBothWays() {
        byte[] json =
                ("{\"parameters\":{\"binary_data_output\":true},\"inputs\":[{\"name\":\"image\",\"datatype\":\"UINT8\","
                                + "\"shape\":[2,1,8,8],\"parameters\":{\"binary_data_size\":128}}],"
                                + "\"outputs\":[{\"name\":\"log_likelihood\"},{\"name\":\"flagged\",\"parameters\":{\"binary_data\":false}},"
                                + "{\"name\":\"log_prob\"}]}")
                        .getBytes(StandardCharsets.UTF_8);
        ExtractableResponse<Response> response = inferBinary(json, TWO.data())
                .statusCode(200)
                .contentType("application/octet-stream")
                .extract();

        byte[] body = response.asByteArray();
        int jsonLength = Integer.parseInt(response.header(JSON_LENGTH));
        io.restassured.path.json.JsonPath answer =
                io.restassured.path.json.JsonPath.from(new String(body, 0, jsonLength, StandardCharsets.UTF_8));
        assertThat(answer.getList("outputs.name")).isEqualTo(List.of("log_likelihood", "flagged", "log_prob"));
        assertThat(answer.getInt("outputs[0].parameters.binary_data_size")).isEqualTo(16);
        assertThat(answer.getList("outputs[1].data")).isEqualTo(List.of(false, false));
        assertThat(answer.getInt("outputs[2].parameters.binary_data_size")).isEqualTo(4 * 128);
        assertThat(answer.getList("outputs[2].shape")).isEqualTo(List.of(2, 1, 8, 8));
        ByteBuffer binary = ByteBuffer.wrap(body, jsonLength, body.length - jsonLength)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        double[] nats = {binary.getDouble(), binary.getDouble()};
        for (double expected : nats) {
            double sum = 0;
            for (int i = 0; i < 64; i++) {
                sum += binary.getFloat();
            }
            assertThat(sum).as("the chain rule").isEqualTo(expected);
        }
        assertThat(binary.hasRemaining()).isFalse();
    }

    @Test
    void binaryFilesHaveTheirLengthBeforeThem() throws IOException {
        ByteArrayOutputStream binary = new ByteArrayOutputStream();
        for (byte[] file : List.of(Images.clean(0), Images.noise())) {
            binary.write(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(file.length)
                    .array());
            binary.write(file);
        }
        byte[] json =
                "{\"inputs\":[{\"name\":\"encoded\",\"datatype\":\"BYTES\",\"shape\":[2],\"parameters\":{\"binary_data_size\":%d}}]}"
                        .formatted(binary.size())
                        .getBytes(StandardCharsets.UTF_8);

        inferBinary(json, binary.toByteArray()).statusCode(200).body("outputs[0].data", contains(false, true));
    }

    @Test
    void versionStatisticAndRateCanBeAskedFor() {
        String parameters =
                "{\"parameters\":{\"statistic\":\"bits-per-dimension\",\"fpr\":0.999,\"priority\":1},\"inputs\":["
                        + image("[2,1,8,8]", numbers(TWO.data())) + "]}";

        given().contentType(ContentType.JSON)
                .body(parameters)
                .post("/v2/models/tiny-grey/versions/9/infer")
                .then()
                .statusCode(200)
                .body("model_version", equalTo("9"))
                .body("outputs[0].data", contains(true, true));
    }

    @Test
    void aCompressedBodyIsReadUpToTheLimitOfBodies() throws IOException {
        compressed(request("", image("[2,1,8,8]", numbers(TWO.data())))).statusCode(200);
        String bomb = "{\"id\":\"" + "a".repeat(2_000_000) + "\"}";
        error(compressed(bomb), 400, "at most 1048576 bytes once it is decompressed");
    }

    static Stream<Arguments> refused() {
        String good = numbers(TWO.data());
        return Stream.of(
                Arguments.of("nothing", "", "empty"),
                Arguments.of("not JSON", "{", "JSON"),
                Arguments.of("an array", "[]", "an object"),
                Arguments.of("two objects", "{\"inputs\":[]} {}", "something after it"),
                Arguments.of("no inputs", "{}", "one input, image or encoded, got []"),
                Arguments.of("another input", "{\"inputs\":[{\"name\":\"x\",\"data\":[]}]}", "got [x]"),
                Arguments.of(
                        "two inputs",
                        request("", image("[2,1,8,8]", good) + "," + image("[2,1,8,8]", good)),
                        "one input"),
                Arguments.of(
                        "no data",
                        "{\"inputs\":[{\"name\":\"image\",\"datatype\":\"UINT8\",\"shape\":[1,1,8,8]}]}",
                        "neither"),
                Arguments.of(
                        "another datatype",
                        "{\"inputs\":[{\"name\":\"image\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[1]}]}",
                        "expected datatype UINT8 for input image, got FP32"),
                Arguments.of("too few elements", request("", image("[3,1,8,8]", good)), "128 elements"),
                Arguments.of("too few dimensions", request("", image("[128]", good)), "[N, C, H, W]"),
                Arguments.of(
                        "another shape",
                        request("", image("[1,2,8,8]", good)),
                        "expected a tensor of shape [N, 1, 8, 8]"),
                Arguments.of("no image", request("", image("[0,1,8,8]", "[]")), "at least one image"),
                Arguments.of("a huge shape", request("", image("[4294967296,4294967296,8,8]", good)), "[N, C, H, W]"),
                Arguments.of("a fraction", request("", image("[1]", "[0.5]")), "integers 0 to 255"),
                Arguments.of("beyond a byte", request("", image("[1]", "[256]")), "integers 0 to 255"),
                Arguments.of(
                        "beyond all bounds", request("", image("[1]", "[99999999999999999999]")), "integers 0 to 255"),
                Arguments.of("strings for numbers", request("", image("[1]", "[\"a\"]")), "got a string"),
                Arguments.of(
                        "no base64",
                        "{\"inputs\":[{\"name\":\"encoded\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"###\"]}]}",
                        "base64"),
                Arguments.of(
                        "no image file",
                        "{\"inputs\":[{\"name\":\"encoded\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"AAAA\"]}]}",
                        "expected PNG or JPEG"),
                Arguments.of(
                        "an unknown output",
                        "{\"outputs\":[{\"name\":\"label\"}],\"inputs\":[" + image("[2,1,8,8]", good) + "]}",
                        "got 'label'"),
                Arguments.of(
                        "an unknown statistic",
                        "{\"parameters\":{\"statistic\":\"magic\"},\"inputs\":[" + image("[2,1,8,8]", good) + "]}",
                        "magic"),
                Arguments.of(
                        "a rate that is none",
                        "{\"parameters\":{\"fpr\":\"much\"},\"inputs\":[" + image("[2,1,8,8]", good) + "]}",
                        "fpr"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void whatIsWrongWithARequestIsSaidInTheProtocolsWords(String what, String body, String detail) {
        error(infer(body), 400, detail);
    }

    @Test
    void sixtyFiveImagesAreTooMany() {
        error(infer(request("", image("[65,1,8,8]", numbers(new byte[65 * 64])))), 400, "at most 64 images");
    }

    @Test
    void lengthsHaveToAddUp() {
        byte[] json =
                "{\"inputs\":[{\"name\":\"image\",\"datatype\":\"UINT8\",\"shape\":[2,1,8,8],\"parameters\":{\"binary_data_size\":128}}]}"
                        .getBytes(StandardCharsets.UTF_8);
        error(inferBinary(json, new byte[127]), 400, "expected 128 binary bytes for input image, got 127");
        error(inferBinary(json, new byte[129]), 400, "got 1 more");
        error(
                given().config(binaryConfig())
                        .header(JSON_LENGTH, 1_000_000)
                        .body(json)
                        .post(INFER)
                        .then(),
                400,
                "1000000 bytes long");
        error(
                given().config(binaryConfig())
                        .header(JSON_LENGTH, "x")
                        .body(json)
                        .post(INFER)
                        .then(),
                400,
                "'x'");
    }

    @Test
    void everyErrorIsOneOfTheProtocol() throws InterruptedException {
        String request = request("", image("[2,1,8,8]", numbers(TWO.data())));
        error(given().get("/v2/models/none").then(), 404, "no model none");
        error(given().get("/v2/models/none/ready").then(), 404, "no model none");
        error(given().get("/v2/models/tiny-grey/versions/11").then(), 404, "version 11");
        error(given().body(request).post("/v2/models/none/infer").then(), 404, "no model none");
        error(given().get("/v2/nothing").then(), 404, "no such path");
        error(given().get(INFER).then(), 405, "no such method");
        error(
                given().config(binaryConfig())
                        .body(new byte[1024 * 1024 + 1])
                        .post(INFER)
                        .then(),
                413,
                "1048576");
        error(
                given().body(request(
                                "",
                                "{\"name\":\"encoded\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\""
                                        + Base64.getEncoder().encodeToString(Images.blackAndWhite()) + "\"]}"))
                        .post("/v2/models/tiny-nan/infer")
                        .then(),
                500,
                "NaN");
        try (FullQueue full = FullQueue.of(batcher)) {
            error(infer(request), 429, "queue is full").header("Retry-After", equalTo("1"));
        }
        infer(request).statusCode(200);
    }

    private static ValidatableResponse infer(String body) {
        return given().contentType(ContentType.JSON).body(body).post(INFER).then();
    }

    private static ValidatableResponse inferBinary(byte[] json, byte[] binary) {
        byte[] body = ByteBuffer.allocate(json.length + binary.length)
                .put(json)
                .put(binary)
                .array();
        return given().config(binaryConfig())
                .header(JSON_LENGTH, json.length)
                .body(body)
                .post(INFER)
                .then();
    }

    private static ValidatableResponse compressed(String body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body.getBytes(StandardCharsets.UTF_8));
        }
        return given().config(binaryConfig())
                .header("Content-Encoding", "gzip")
                .body(bytes.toByteArray())
                .post(INFER)
                .then();
    }

    private static io.restassured.config.RestAssuredConfig binaryConfig() {
        return RestAssured.config()
                .encoderConfig(
                        EncoderConfig.encoderConfig().appendDefaultContentCharsetToContentTypeIfUndefined(false));
    }

    private static ValidatableResponse error(ValidatableResponse response, int status, String detail) {
        return response.statusCode(status)
                .contentType(ContentType.JSON)
                .body("error", containsString(detail))
                .body("size()", equalTo(1));
    }

    private static String request(String id, String input) {
        String start = id.isEmpty() ? "{" : "{\"id\":\"" + id + "\",";
        return start + "\"inputs\":[" + input + "]}";
    }

    private static String image(String shape, String data) {
        return "{\"name\":\"image\",\"datatype\":\"UINT8\",\"shape\":" + shape + ",\"data\":" + data + "}";
    }

    private static String numbers(byte[] levels) {
        return IntStream.range(0, levels.length)
                .mapToObj(i -> Integer.toString(Byte.toUnsignedInt(levels[i])))
                .collect(Collectors.joining(",", "[", "]"));
    }
}
