package io.surprisal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.batch.Batcher;
import io.surprisal.service.gate.GateServer;
import io.surprisal.service.gate.Ruling;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reverse proxy: what reaches the classifier, and what does not. */
@QuarkusTest
@QuarkusTestResource(value = Bundles.class)
@QuarkusTestResource(value = Classifier.class, restrictToAnnotatedClass = true)
class GateHttpTest {
    private static final Levels CLEAN = Bundles.GREY.clean(1, 3);
    private static final Levels NOISE = Bundles.GREY.noise(1, 4);
    private static final String OIP = "/v2/models/classifier/infer";
    private static final String PREDICT = "/v1/models/classifier:predict";
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Inject
    GateServer server;

    @Inject
    Batcher batcher;

    @Inject
    HeldAfterVerdict afterVerdict;

    @Inject
    MeterRegistry registry;

    @BeforeEach
    void awaitStarted() {
        Service.awaitStarted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"grafana/dashboards/surprisal.json", "kubernetes/monitoring/prometheus-adapter.yaml"})
    void whatIsWatchedIsMeasured(String file) throws Exception {
        send(HttpRequest.newBuilder(at("/classify"))
                .header("content-type", "image/png")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Images.noise())));
        Http.post("image/png", Images.clean(0), "model=tiny-grey").statusCode(200);
        String metrics =
                RestAssured.given().accept("text/plain").get("/q/metrics").asString();
        Set<String> measured = metrics.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toSet());
        Set<String> watched = Pattern.compile(
                        "\\b(surprisal|http_server|process|system)_[a-z_]*[a-z]\\b(?=[{\\[ )\\]])")
                .matcher(Files.readString(Path.of("..", "..", "docker").resolve(file)))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
        assertThat(watched).isNotEmpty().isSubsetOf(measured);
    }

    @Test
    void aCleanImageReachesTheClassifierAsItWasSent() throws Exception {
        HttpResponse<String> response = send(HttpRequest.newBuilder(at("/classify?top=5&x=%20"))
                .header("content-type", "image/png")
                .header("x-request-id", "7")
                .header(Ruling.VERDICT, "accepted, honestly")
                .header(Ruling.P_VALUE, "1")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Images.clean(0))));

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode seen = new ObjectMapper().readTree(response.body());
        assertThat(seen.get("seen").asText()).isEqualTo("POST /classify?top=5&x=%20");
        assertThat(seen.get("body").binaryValue()).isEqualTo(Images.clean(0));
        assertThat(seen.get("headers").get("x-request-id").asText()).isEqualTo("7");
        assertThat(seen.get("headers").get("content-type").asText()).isEqualTo("image/png");
        assertThat(seen.get("headers").get(Ruling.VERDICT).asText()).isEqualTo("accepted");
        assertThat(seen.get("headers").has(Ruling.P_VALUE))
                .as("what callers say of verdicts")
                .isFalse();
        assertThat(response.headers().firstValue(Ruling.VERDICT)).hasValue("accepted");
        assertThat(response.headers().map()).doesNotContainKeys(Ruling.P_VALUE, Ruling.BITS_PER_DIMENSION);
    }

    @Test
    void aFlaggedImageIsAnsweredWithAProblemAndNoScores() throws Exception {
        HttpResponse<String> response = post("/classify", "image/png", Images.noise());

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(response.headers().firstValue(Ruling.VERDICT)).hasValue("flagged");
        JsonNode problem = new ObjectMapper().readTree(response.body());
        assertThat(problem.get("type").asText()).isEqualTo("urn:surprisal:problem:flagged");
        assertThat(problem.get("detail").asText()).isEqualTo("the image was refused");
        assertThat(response.headers().map()).doesNotContainKeys(Ruling.P_VALUE, Ruling.BITS_PER_DIMENSION);
    }

    @Test
    void aLikelierImageGoesOnInPlaceOfAFlaggedOneWhereThatIsAskedFor() throws Exception {
        HttpResponse<String> purified = post("/purify", "application/octet-stream", Images.perturbed());
        assertThat(purified.statusCode()).as(purified.body()).isEqualTo(200);
        assertThat(purified.headers().firstValue(Ruling.VERDICT)).hasValue("purified");
        JsonNode seen = new ObjectMapper().readTree(purified.body());
        assertThat(seen.get("headers").get("content-type").asText()).isEqualTo("image/png");
        assertThat(seen.get("headers").get(Ruling.VERDICT).asText()).isEqualTo("purified");
        assertThat(Images.distance(seen.get("body").binaryValue(), Images.perturbed()))
                .isBetween(1, 8);

        assertThat(post("/purify", "image/png", Images.clean(0)).headers().firstValue(Ruling.VERDICT))
                .hasValue("accepted");
        assertThat(post("/purify", "image/png", Images.noise()).statusCode())
                .as("what stays improbable")
                .isEqualTo(403);
        assertThat(post("/purify", "text/plain", new byte[] {'?'}).statusCode()).isEqualTo(400);
    }

    @Test
    void whatIsKnownToBeFlaggedStaysSoWhenThereIsNoTimeToPurifyIt() throws Exception {
        try (HeldAfterVerdict held = afterVerdict.arm()) {
            HttpResponse<String> late = post("/late-purify", "image/png", Images.noise());
            assertThat(late.statusCode()).as(late.body()).isEqualTo(403);
            assertThat(late.headers().firstValue(Ruling.VERDICT)).hasValue("flagged");
        }
    }

    /** Forms by name, each as what makes a request of an image. */
    static Stream<Arguments> forms() {
        return Stream.of(
                form("an image file", "/classify", "image/png", GateHttpTest::png),
                form("an image file without a name for it", "/classify", "application/octet-stream", GateHttpTest::png),
                form(
                        "a form",
                        "/classify",
                        "multipart/form-data; boundary=xx",
                        image -> multipart(png(image), "a.png")),
                form("levels in JSON", OIP, "application/json", image -> oip("UINT8", each(image, Integer::toString))),
                form(
                        "numbers from 0 to 1 in JSON",
                        OIP,
                        "application/json",
                        image -> oip("FP32", each(image, level -> Float.toString(level / 255f)))),
                form(
                        "files in JSON",
                        "/v2/models/classifier/versions/3/infer",
                        "application/json",
                        image -> utf8("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\""
                                + base64(png(image)) + "\"]}]}")),
                form(
                        "rows of TensorFlow",
                        PREDICT,
                        "application/json",
                        image -> utf8("{\"instances\":[" + rows(image) + "]}")),
                form(
                        "rows of TensorFlow by name",
                        PREDICT,
                        "application/json",
                        image -> utf8("{\"signature_name\":\"s\",\"instances\":[{\"x\":" + rows(image) + "}]}")),
                form(
                        "columns of TensorFlow",
                        "/v1/models/classifier/versions/3:predict",
                        "application/json",
                        image -> utf8("{\"inputs\":{\"x\":[" + rows(image) + "]}}")),
                form(
                        "files for TensorFlow",
                        PREDICT,
                        "application/json",
                        image -> utf8("{\"instances\":[{\"b64\":\"" + base64(png(image)) + "\"}]}")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void everyFormIsJudgedByItsImages(String what, String path, String type, Form form) throws Exception {
        assertThat(post(path, type, form.of(CLEAN)).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = post(path, type, form.of(NOISE));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
    }

    @Test
    void binaryTensorsAreJudgedToo() throws Exception {
        for (Levels image : List.of(CLEAN, NOISE)) {
            ByteBuffer numbers = ByteBuffer.allocate(4 * 64).order(ByteOrder.LITTLE_ENDIAN);
            for (byte level : image.data()) {
                numbers.putFloat(Byte.toUnsignedInt(level) / 255f);
            }
            byte[] json = utf8(
                    "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,1,8,8],\"parameters\":{\"binary_data_size\":256}}]}");
            byte[] body = ByteBuffer.allocate(json.length + 256)
                    .put(json)
                    .put(numbers.flip())
                    .array();
            HttpResponse<String> response = send(HttpRequest.newBuilder(at(OIP))
                    .header("content-type", "application/octet-stream")
                    .header("inference-header-content-length", Integer.toString(json.length))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
            assertThat(response.statusCode()).as(response.body()).isEqualTo(image == CLEAN ? 200 : 403);
        }
    }

    @Test
    void aCompressedBodyIsJudgedAndGoesOnAsItWas() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(oip("UINT8", each(CLEAN, Integer::toString)));
        }
        HttpResponse<String> response = send(HttpRequest.newBuilder(at(OIP))
                .header("content-type", "application/json")
                .header("content-encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(packed.toByteArray())));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(new ObjectMapper().readTree(response.body()).get("body").binaryValue())
                .isEqualTo(packed.toByteArray());
    }

    @Test
    void oneFlaggedImageAmongOthersRefusesAll() throws Exception {
        String files = Stream.of(CLEAN, NOISE, CLEAN)
                .map(image -> "{\"b64\":\"" + base64(png(image)) + "\"}")
                .collect(Collectors.joining(",", "{\"instances\":[", "]}"));
        HttpResponse<String> response = post(PREDICT, "application/json", utf8(files));

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).contains("1 of 3 images were refused");
    }

    /** What nobody can judge, in every way that might otherwise get an image past the gate. */
    static Stream<Arguments> unreadable() {
        String levels = each(CLEAN, Integer::toString);
        String input = "{\"name\":\"x\",\"datatype\":\"UINT8\",\"shape\":[1,1,8,8],\"data\":" + levels + "}";
        return Stream.of(
                Arguments.of("a form nobody knows", "/classify", "text/plain", utf8("image"), "text/plain"),
                Arguments.of(
                        "JSON nobody knows",
                        "/classify",
                        "application/json",
                        utf8("{\"url\":\"http://x/y.png\"}"),
                        "application/json"),
                Arguments.of("no image", "/classify", "image/png", utf8("image"), "expected PNG or JPEG"),
                Arguments.of(
                        "a number between two levels",
                        OIP,
                        "application/json",
                        oip("FP32", each(CLEAN, level -> Double.toString((level + 0.4) / 255))),
                        "one of 256 levels"),
                Arguments.of("another datatype", OIP, "application/json", oip("FP16", levels), "UINT8, FP32 or BYTES"),
                Arguments.of(
                        "two inputs",
                        OIP,
                        "application/json",
                        utf8("{\"inputs\":[" + input + "," + input + "]}"),
                        "one input"),
                Arguments.of(
                        "inputs said twice",
                        OIP,
                        "application/json",
                        utf8("{\"inputs\":[" + input + "],\"inputs\":[" + input + "]}"),
                        "Duplicate"),
                Arguments.of(
                        "a tensor elsewhere",
                        OIP,
                        "application/json",
                        utf8("{\"inputs\":["
                                + input.replace("\"data\"", "\"parameters\":{\"shared_memory_region\":\"r\"},\"data\"")
                                + "]}"),
                        "shared_memory_region"),
                Arguments.of(
                        "both instances and inputs",
                        PREDICT,
                        "application/json",
                        utf8("{\"instances\":[" + rows(CLEAN) + "],\"inputs\":[" + rows(CLEAN) + "]}"),
                        "both"),
                Arguments.of(
                        "numbers and files",
                        PREDICT,
                        "application/json",
                        utf8("{\"instances\":[{\"b64\":\"" + base64(png(CLEAN)) + "\"}," + rows(CLEAN) + "]}"),
                        "both"),
                Arguments.of(
                        "a second input",
                        PREDICT,
                        "application/json",
                        utf8("{\"instances\":[{\"x\":" + rows(CLEAN) + ",\"y\":" + rows(CLEAN) + "}]}"),
                        "more in it"),
                Arguments.of(
                        "a field nobody knows",
                        PREDICT,
                        "application/json",
                        utf8("{\"instances\":[" + rows(CLEAN) + "],\"image_url\":\"x\"}"),
                        "image_url"),
                Arguments.of(
                        "bytes that are no text, for TensorFlow", PREDICT, "application/json", noText(), "no text"),
                Arguments.of("bytes that are no text", OIP, "application/json", noText(), "no text"),
                Arguments.of(
                        "a part that is no file",
                        "/classify",
                        "multipart/form-data; boundary=xx",
                        multipart(png(CLEAN), null),
                        "without a file name"));
    }

    /** The byte-order mark of an encoding that nobody uses. */
    private static byte[] noText() {
        return new byte[] {0, 0, (byte) 0xFF, (byte) 0xFE, '{', '}'};
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreadable")
    void whatCannotBeJudgedIsRefused(String what, String path, String type, byte[] body, String detail)
            throws Exception {
        HttpResponse<String> response = post(path, type, body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.body()).contains(detail).doesNotContain("\"seen\"");
        assertThat(response.headers().firstValue(Ruling.VERDICT)).hasValue("unreadable");
        assertThat(post("/open" + path, type, body).statusCode())
                .as("failing open is for the gate's own failures")
                .isEqualTo(400);
    }

    @Test
    void aHeaderSaidTwiceIsRefused() throws Exception {
        HttpResponse<String> response = send(HttpRequest.newBuilder(at("/classify"))
                .header("content-type", "image/png")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Images.clean(0))));
        assertThat(response.statusCode()).isEqualTo(400);
    }

    @Test
    void aBodyOverTheLimitIsRefused() throws Exception {
        HttpResponse<String> response = post("/classify", "image/png", new byte[1024 * 1024 + 1]);
        assertThat(response.statusCode()).isEqualTo(413);
    }

    @Test
    void requestsWithoutImagesGoThroughAndAnswersComeBackUnchanged() throws Exception {
        HttpResponse<String> get =
                send(HttpRequest.newBuilder(at("/v2/health/ready")).GET());
        assertThat(get.statusCode()).isEqualTo(200);
        assertThat(get.body()).contains("GET /v2/health/ready");

        HttpResponse<String> teapot =
                send(HttpRequest.newBuilder(at("/free/teapot")).GET());
        assertThat(teapot.statusCode()).isEqualTo(418);
        assertThat(teapot.body()).isEqualTo("short and stout");
        assertThat(teapot.headers().firstValue("x-classifier")).hasValue("says");
        assertThat(teapot.headers().firstValue(Ruling.VERDICT))
                .as("only the gate says that")
                .isEmpty();

        assertThat(send(HttpRequest.newBuilder(at("/free/large")).GET()).body()).hasSize(3_000_000);
        assertThat(send(HttpRequest.newBuilder(at("/classify")).HEAD()).statusCode())
                .isEqualTo(200);
        assertThat(send(HttpRequest.newBuilder(at("/free/upload"))
                                .header("content-type", "text/plain")
                                .POST(HttpRequest.BodyPublishers.ofInputStream(
                                        () -> new ByteArrayInputStream(new byte[2_000_000]))))
                        .statusCode())
                .as("bodies stream through where nothing is judged")
                .isEqualTo(200);
    }

    @Test
    void aPathThatCanBeReadInTwoWaysIsNotLetThroughUnjudged() throws Exception {
        for (String path :
                List.of("/free/../classify", "/free/%2e%2e/classify", "/free//classify", "/free/..;/classify")) {
            assertThat(
                            raw(
                                    "POST " + path
                                            + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: 1\r\n\r\nx"))
                    .as(path)
                    .startsWith("HTTP/1.1 400");
        }
        assertThat(
                        raw(
                                "POST /free/x HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: 1\r\n\r\nx"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void shadowLetsEverythingThroughAndSaysWhatItThinks() throws Exception {
        HttpResponse<String> flagged = post("/shadow", "image/png", Images.noise());
        assertThat(flagged.statusCode()).isEqualTo(200);
        assertThat(flagged.headers().firstValue(Ruling.VERDICT)).hasValue("flagged");
        HttpResponse<String> unreadable = post("/shadow", "text/plain", utf8("?"));
        assertThat(unreadable.statusCode()).isEqualTo(200);
        assertThat(unreadable.headers().firstValue(Ruling.VERDICT)).hasValue("unreadable");
        assertThat(counted("flagged", "forwarded")).isPositive();
    }

    @Test
    void aGateThatCannotJudgeIsClosedUnlessItIsToldToOpen() throws Exception {
        double before = counted("unjudged", "forwarded");
        try (FullQueue full = FullQueue.of(batcher)) {
            HttpResponse<String> closed = post("/classify", "image/png", Images.clean(0));
            assertThat(closed.statusCode()).isEqualTo(503);
            assertThat(closed.body()).contains("urn:surprisal:problem:overloaded");
            HttpResponse<String> open = post("/open", "image/png", Images.clean(0));
            assertThat(open.statusCode()).isEqualTo(200);
            assertThat(open.headers().firstValue(Ruling.VERDICT)).hasValue("unjudged");
        }
        assertThat(counted("unjudged", "forwarded"))
                .as("every open failure is counted")
                .isEqualTo(before + 1);
    }

    @Test
    void theDeadlineIsAnsweredByPolicyAndNotLate() throws Exception {
        try (HeldWorker worker = HeldWorker.of(batcher)) {
            HttpResponse<String> response = post("/hurried", "image/png", Images.clean(0));
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).contains("urn:surprisal:problem:deadline-exceeded", "50 ms");
        }
    }

    @Test
    void anImageThatTheModelFailsOnDoesNotOpenTheGate() throws Exception {
        assertThat(post("/nan", "image/png", Images.clean(0)).statusCode()).isEqualTo(200);
        HttpResponse<String> response = post("/nan", "image/png", Images.blackAndWhite());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("inference-failed");
    }

    @Test
    void channelsGoWhereTheModelHasThem() throws Exception {
        Levels colour = Bundles.RGB.clean(1, 3);
        assertThat(post(
                                "/v1/models/colour:predict",
                                "application/json",
                                utf8("{\"instances\":[{\"b64\":\"" + base64(TinyBundle.png(colour, 0)) + "\"}]}"))
                        .statusCode())
                .isEqualTo(200);
        StringBuilder planes = new StringBuilder("{\"instances\":[[");
        for (int channel = 0; channel < 3; channel++) {
            planes.append(channel == 0 ? "[" : ",[");
            for (int row = 0; row < 5; row++) {
                planes.append(row == 0 ? "[" : ",[");
                for (int column = 0; column < 6; column++) {
                    planes.append(column == 0 ? "" : ",")
                            .append(Byte.toUnsignedInt(colour.data()[channel * 30 + row * 6 + column]) / 255f);
                }
                planes.append("]");
            }
            planes.append("]");
        }
        assertThat(post(
                                "/v1/models/colour:predict",
                                "application/json",
                                utf8(planes.append("]]}").toString()))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aClassifierThatHangsUpIsABadGateway() throws Exception {
        HttpResponse<String> response = post("/hang-up", "image/png", Images.clean(0));
        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.body()).contains("urn:surprisal:problem:upstream-unreachable");
    }

    @Test
    void anAnswerThatBreaksOffIsSeenToBreakOff() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(
                        () -> send(HttpRequest.newBuilder(at("/free/break-off")).GET()));
    }

    /** What makes a request's body of an image. */
    interface Form {
        byte[] of(Levels image);
    }

    private static Arguments form(String what, String path, String type, Form form) {
        return Arguments.of(what, path, type, form);
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private HttpResponse<String> post(String path, String type, byte[] body) throws Exception {
        return send(HttpRequest.newBuilder(at(path))
                .header("content-type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** A request that no client library would send. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream().write(utf8(request));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private double counted(String outcome, String action) {
        return registry.find("surprisal.gate.requests").tags("outcome", outcome, "action", action).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private static byte[] png(Levels image) {
        return TinyBundle.png(image, 0);
    }

    private static byte[] oip(String datatype, String data) {
        return utf8("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"" + datatype + "\",\"shape\":[1,1,8,8],\"data\":"
                + data + "}]}");
    }

    private static String each(Levels image, IntFunction<String> number) {
        return IntStream.range(0, image.data().length)
                .mapToObj(i -> number.apply(Byte.toUnsignedInt(image.data()[i])))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String rows(Levels image) {
        return IntStream.range(0, 8)
                .mapToObj(row -> IntStream.range(0, 8)
                        .mapToObj(column -> Float.toString(Byte.toUnsignedInt(image.data()[8 * row + column]) / 255f))
                        .collect(Collectors.joining(",", "[", "]")))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static byte[] multipart(byte[] file, @Nullable String name) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        String disposition =
                "content-disposition: form-data; name=\"image\"" + (name == null ? "" : "; filename=\"" + name + "\"");
        body.writeBytes(utf8("--xx\r\ncontent-disposition: form-data; name=\"comment\"\r\n\r\nhello\r\n--xx\r\n"
                + disposition + "\r\ncontent-type: image/png\r\n\r\n"));
        body.writeBytes(file);
        body.writeBytes(utf8("\r\n--xx--\r\n"));
        return body.toByteArray();
    }

    private static String base64(byte[] file) {
        return Base64.getEncoder().encodeToString(file);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
