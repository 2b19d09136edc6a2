package io.surprisal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.rpc.RetryInfo;
import io.grpc.Attributes;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.gate.GateServer;
import io.surprisal.service.gate.Ruling;
import io.surprisal.service.grpc.v1.ScoreRequest;
import io.surprisal.service.grpc.v1.ScoringGrpc;
import io.surprisal.service.oip.grpc.v2.GRPCInferenceServiceGrpc;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two requests at once of each caller, and the third is taken a quarter of an hour later, which no test waits for. Each test calls from an
 * address of its own.
 */
@QuarkusTest
@QuarkusTestResource(Bundles.class)
@QuarkusTestResource(value = Classifier.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = RequestLimitTest.Settings.class, restrictToAnnotatedClass = true)
class RequestLimitTest {
    private static final Levels CLEAN = Bundles.GREY.clean(1, 3);

    /** The limits. */
    public static final class Settings implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            return Map.of("surprisal.limits.requests-per-second", "0.001", "surprisal.limits.request-burst", "2");
        }

        @Override
        public void stop() {}
    }

    @Inject
    GateServer gate;

    @Inject
    MeterRegistry registry;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int grpcPort;

    @BeforeEach
    void awaitStarted() {
        Service.awaitStarted();
    }

    @Test
    void whoMakesTooManyRequestsIsToldWhenToComeBack() throws Exception {
        double before = limited();
        for (int i = 0; i < 2; i++) {
            assertThat(score("127.0.0.11").statusCode()).isEqualTo(200);
        }
        HttpResponse<String> refused = score("127.0.0.11");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(json(refused).path("type").asText()).isEqualTo("urn:surprisal:problem:rate-limited");
        assertThat(json(refused).path("detail").asText()).contains("at most 0.001 requests a second");
        long wait = Long.parseLong(refused.headers().firstValue("retry-after").orElseThrow());
        assertThat(wait).isBetween(900L, 1_000L);
        assertThat(refused.headers().firstValue("ratelimit-policy")).hasValue("\"requests\";q=2;w=2000");
        assertThat(refused.headers().firstValue("ratelimit")).hasValue("\"requests\";r=0;t=" + wait);
        assertThat(score("127.0.0.12").statusCode()).as("of another").isEqualTo(200);
        assertThat(limited() - before).isEqualTo(1);
    }

    @Test
    void requestsCountWhereverTheyComeInAndQuestionsWithoutImagesDoNot() throws Exception {
        String from = "127.0.0.21";
        assertThat(post(from, "/v1/explain", "image/png", Images.clean(0)).statusCode())
                .isEqualTo(200);
        byte[] infer = infer(Images.clean(0));
        assertThat(post(from, "/v2/models/tiny-grey/infer", "application/json", infer)
                        .statusCode())
                .isEqualTo(200);

        HttpResponse<String> refused = post(from, "/v2/models/tiny-grey/infer", "application/json", infer);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(json(refused).fieldNames()).toIterable().containsExactly("error");
        assertThat(refused.headers().firstValue("retry-after")).isPresent();
        assertThat(refused.headers().firstValue("ratelimit-policy")).isPresent();
        assertThat(post(from, "/v1/score", "application/json", Http.json(Images.clean(0)))
                        .statusCode())
                .isEqualTo(429);
        assertThat(post(from, "/v1/purify?epsilon=1", "image/png", Images.clean(0))
                        .statusCode())
                .isEqualTo(429);
        assertThat(send(from, HttpRequest.newBuilder(at("/v2/models/tiny-grey")))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void overGrpcTheStatusSaysWhenToComeBack() throws Exception {
        ManagedChannel channel = channel("127.0.0.31", grpcPort);
        try {
            ScoreRequest request = ScoreRequest.newBuilder()
                    .addImages(ByteString.copyFrom(Images.clean(0)))
                    .build();
            var scoring = ScoringGrpc.newBlockingStub(channel);
            scoring.score(request);
            scoring.score(request);
            StatusRuntimeException refused =
                    catchThrowableOfType(StatusRuntimeException.class, () -> scoring.score(request));
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            RetryInfo retry = Objects.requireNonNull(StatusProto.fromThrowable(refused))
                    .getDetails(0)
                    .unpack(RetryInfo.class);
            assertThat(retry.getRetryDelay().getSeconds()).isBetween(900L, 1_000L);

            var inference = GRPCInferenceServiceGrpc.newBlockingStub(channel);
            refused = catchThrowableOfType(
                    StatusRuntimeException.class, () -> inference.modelInfer(inference("image", CLEAN)));
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void theGateTellsThemOverGrpcToo() {
        ManagedChannel channel = channel("127.0.0.61", gate.port());
        try {
            var classifier = GRPCInferenceServiceGrpc.newBlockingStub(channel);
            for (int i = 0; i < 2; i++) {
                assertThat(classifier.modelInfer(inference("x", CLEAN)).getId()).isEqualTo("7");
            }
            StatusRuntimeException refused = catchThrowableOfType(
                    StatusRuntimeException.class, () -> classifier.modelInfer(inference("x", CLEAN)));
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(refused.getStatus().getDescription()).contains("at most 0.001 requests a second");
        } finally {
            channel.shutdownNow();
        }
    }

    private static ManagedChannel channel(String from, int port) {
        return NettyChannelBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                .localSocketPicker(new NettyChannelBuilder.LocalSocketPicker() {
                    @Override
                    public SocketAddress createSocketAddress(SocketAddress remote, Attributes attributes) {
                        return new InetSocketAddress(from, 0);
                    }
                })
                .usePlaintext()
                .build();
    }

    private static ModelInferRequest inference(String input, Levels image) {
        return ModelInferRequest.newBuilder()
                .setModelName("tiny-grey")
                .setId("7")
                .addInputs(ModelInferRequest.InferInputTensor.newBuilder()
                        .setName(input)
                        .setDatatype("UINT8")
                        .addAllShape(List.of(1L, 1L, 8L, 8L)))
                .addRawInputContents(ByteString.copyFrom(image.data()))
                .build();
    }

    @Test
    void theGateRefusesThemAlsoWhereItFailsOpen() throws Exception {
        String from = "127.0.0.41";
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> seen = gate(from, "/open/classify");
            assertThat(seen.statusCode()).isEqualTo(200);
            assertThat(seen.headers().firstValue(Ruling.VERDICT)).hasValue("accepted");
        }
        HttpResponse<String> refused = gate(from, "/open/classify");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(json(refused).path("type").asText()).isEqualTo("urn:surprisal:problem:rate-limited");
        assertThat(refused.headers().firstValue(Ruling.VERDICT)).hasValue("limited");
        assertThat(refused.headers().firstValue("retry-after")).isPresent();
        assertThat(refused.body()).doesNotContain("seen");
    }

    @Test
    void theGateRefusesNothingWhereItOnlyWatches() throws Exception {
        String from = "127.0.0.51";
        for (int i = 0; i < 2; i++) {
            gate(from, "/shadow/classify");
        }
        HttpResponse<String> seen = gate(from, "/shadow/classify");
        assertThat(seen.statusCode()).isEqualTo(200);
        assertThat(seen.headers().firstValue(Ruling.VERDICT)).hasValue("limited");
        assertThat(seen.headers().firstValue("retry-after")).isEmpty();
        assertThat(json(seen).path("seen").asText()).isEqualTo("POST /shadow/classify");
    }

    private double limited() {
        return registry.counter("surprisal.requests.limited").count();
    }

    private static byte[] infer(byte[] image) {
        return """
                {"inputs":[{"name":"encoded","datatype":"BYTES","shape":[1],"data":["%s"]}]}""".formatted(Base64.getEncoder().encodeToString(image)).getBytes(StandardCharsets.UTF_8);
    }

    private static URI at(String path) {
        return URI.create("http://127.0.0.1:" + RestAssured.port + path);
    }

    private static HttpResponse<String> score(String from) throws Exception {
        return post(from, "/v1/score", "image/png", Images.clean(0));
    }

    private static HttpResponse<String> post(String from, String path, String type, byte[] body) throws Exception {
        return send(
                from,
                HttpRequest.newBuilder(at(path))
                        .header("content-type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private HttpResponse<String> gate(String from, String path) throws Exception {
        return send(
                from,
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gate.port() + path))
                        .header("content-type", "image/png")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Images.clean(0))));
    }

    private static HttpResponse<String> send(String from, HttpRequest.Builder request) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .localAddress(InetAddress.getByName(from))
                .build()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return new ObjectMapper().readTree(response.body());
    }
}
