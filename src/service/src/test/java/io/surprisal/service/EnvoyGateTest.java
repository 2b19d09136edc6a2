package io.surprisal.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.batch.Batcher;
import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.gate.Ruling;
import io.surprisal.service.oip.grpc.v2.GRPCInferenceServiceGrpc;
import io.surprisal.service.oip.grpc.v2.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest.InferInputTensor;
import io.surprisal.service.oip.grpc.v2.ServerLiveRequest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gate as Envoy asks for it: a real Envoy, on the configurations that are shipped, in front of a classifier. */
@QuarkusTest
@QuarkusTestResource(Bundles.class)
@QuarkusTestResource(value = Classifier.class, restrictToAnnotatedClass = true)
class EnvoyGateTest {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Inject
    SurprisalConfig config;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int surprisal;

    @Inject
    Batcher batcher;

    @TempDir
    Path folder = Path.of("");

    @BeforeEach
    void awaitStarted() {
        Service.awaitStarted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext-proc.yaml", "ext-authz.yaml"})
    void onlyCleanImagesReachTheClassifierOverHttp(String configuration) throws Exception {
        try (EnvoyProcess envoy = EnvoyProcess.start(
                configuration, folder, config.gate().upstream().orElseThrow().getPort(), surprisal)) {
            HttpResponse<String> clean = post(envoy, "/classify?top=5", "image/png", Images.clean(0));
            assertThat(clean.statusCode()).as(clean.body()).isEqualTo(200);
            JsonNode seen = new ObjectMapper().readTree(clean.body());
            assertThat(seen.get("seen").asText()).isEqualTo("POST /classify?top=5");
            assertThat(seen.get("body").binaryValue()).isEqualTo(Images.clean(0));
            assertThat(seen.get("headers").get(Ruling.VERDICT).asText()).isEqualTo("accepted");
            assertThat(seen.get("headers").has(Ruling.P_VALUE))
                    .as("what callers say")
                    .isFalse();
            assertThat(clean.headers().firstValue(Ruling.VERDICT)).hasValue("accepted");

            HttpResponse<String> flagged = post(envoy, "/classify", "image/png", Images.noise());
            assertThat(flagged.statusCode()).isEqualTo(403);
            assertThat(flagged.headers().firstValue("content-type")).hasValue("application/problem+json");
            assertThat(flagged.headers().firstValue(Ruling.VERDICT)).hasValue("flagged");
            assertThat(flagged.body()).contains("urn:surprisal:problem:flagged").doesNotContain("seen");

            HttpResponse<String> shadow = post(envoy, "/shadow", "image/png", Images.noise());
            assertThat(shadow.statusCode()).isEqualTo(200);
            assertThat(shadow.headers().firstValue(Ruling.VERDICT)).hasValue("flagged");

            assertThat(post(envoy, "/classify", "text/plain", new byte[] {'?'}).statusCode())
                    .isEqualTo(400);
            assertThat(post(envoy, "/free/x", "text/plain", new byte[] {'?'}).statusCode())
                    .isEqualTo(200);
            assertThat(get(envoy, "/v2/health/ready").statusCode()).isEqualTo(200);
            HttpResponse<String> teapot = get(envoy, "/free/teapot");
            assertThat(teapot.statusCode()).isEqualTo(418);

            try (FullQueue full = FullQueue.of(batcher)) {
                assertThat(post(envoy, "/classify", "image/png", Images.clean(0))
                                .statusCode())
                        .isEqualTo(503);
                HttpResponse<String> open = post(envoy, "/open", "image/png", Images.clean(0));
                assertThat(open.statusCode()).isEqualTo(200);
                assertThat(open.headers().firstValue(Ruling.VERDICT)).hasValue("unjudged");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"ext-proc.yaml, 200, purified", "ext-authz.yaml, 403, flagged"})
    void aLikelierImageGoesOnWhereEnvoyTakesOne(String configuration, int status, String verdict) throws Exception {
        try (EnvoyProcess envoy = EnvoyProcess.start(
                configuration, folder, config.gate().upstream().orElseThrow().getPort(), surprisal)) {
            HttpResponse<String> answer = post(envoy, "/purify", "application/octet-stream", Images.perturbed());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
            assertThat(answer.headers().firstValue(Ruling.VERDICT)).hasValue(verdict);
            if (status == 200) {
                JsonNode seen = new ObjectMapper().readTree(answer.body());
                assertThat(seen.get("headers").get("content-type").asText()).isEqualTo("image/png");
                assertThat(Images.distance(seen.get("body").binaryValue(), Images.perturbed()))
                        .isBetween(1, 8);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext-proc.yaml", "ext-authz.yaml"})
    void onlyCleanImagesReachTheClassifierOverGrpc(String configuration) throws Exception {
        try (EnvoyProcess envoy = EnvoyProcess.start(
                configuration,
                folder,
                config.gate().upstreamGrpc().orElseThrow().getPort(),
                surprisal)) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", envoy.port())
                    .usePlaintext()
                    .build();
            try {
                GRPCInferenceServiceBlockingStub stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
                assertThat(stub.serverLive(ServerLiveRequest.getDefaultInstance())
                                .getLive())
                        .isTrue();
                assertThat(stub.modelInfer(request(Bundles.GREY.clean(1, 3))).getId())
                        .isEqualTo("7");
                assertThat(status(stub, Bundles.GREY.noise(1, 4)).getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
            } finally {
                channel.shutdownNow();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext-proc.yaml", "ext-authz.yaml"})
    void withoutTheGateNothingGoesThrough(String configuration) throws Exception {
        int nobody = 1;
        try (EnvoyProcess envoy = EnvoyProcess.start(
                configuration, folder, config.gate().upstream().orElseThrow().getPort(), nobody)) {
            HttpResponse<String> response = post(envoy, "/classify", "image/png", Images.clean(0));
            assertThat(response.statusCode()).isGreaterThanOrEqualTo(500);
            assertThat(response.body()).doesNotContain("seen");
        }
    }

    private static HttpResponse<String> post(EnvoyProcess envoy, String path, String type, byte[] body)
            throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + envoy.port() + path))
                        .header("content-type", type)
                        .header(Ruling.VERDICT, "accepted, honestly")
                        .header(Ruling.P_VALUE, "1")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static HttpResponse<String> get(EnvoyProcess envoy, String path) throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + envoy.port() + path))
                        .GET()
                        .build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static Status status(GRPCInferenceServiceBlockingStub stub, Levels images) {
        try {
            stub.modelInfer(request(images));
        } catch (StatusRuntimeException e) {
            return e.getStatus();
        }
        throw new AssertionError("expected the call to fail");
    }

    private static ModelInferRequest request(Levels images) {
        return ModelInferRequest.newBuilder()
                .setId("7")
                .addInputs(InferInputTensor.newBuilder()
                        .setName("x")
                        .setDatatype("UINT8")
                        .addAllShape(List.of((long) images.count(), 1L, 8L, 8L)))
                .addRawInputContents(ByteString.copyFrom(images.data()))
                .build();
    }
}
