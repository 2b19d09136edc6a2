package io.surprisal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.config.JsonPathConfig;
import io.surprisal.service.batch.Batcher;
import io.surprisal.service.grpc.v1.ScoreRequest;
import io.surprisal.service.grpc.v1.ScoreResponse;
import io.surprisal.service.grpc.v1.ScoreStreamRequest;
import io.surprisal.service.grpc.v1.ScoreStreamResponse;
import io.surprisal.service.grpc.v1.ScoringGrpc;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code surprisal.v1.Scoring} against real bundles; after every test a good request is answered, whatever the test did. */
@QuarkusTest
@QuarkusTestResource(Bundles.class)
class ScoreGrpcTest {
    @Inject
    Batcher batcher;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    private ManagedChannel channel;

    @BeforeEach
    void connect() {
        Service.awaitStarted();
        channel =
                NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
    }

    @AfterEach
    void theServiceLivesOn() {
        assertThat(score(Images.clean(0)).getVerdictsCount()).isEqualTo(1);
        channel.shutdownNow();
    }

    @Test
    void aRequestGetsAVerdictForEachImageInTheirOrder() {
        ScoreResponse response = score(Images.clean(0), Images.noise());
        assertThat(response.getModel()).isEqualTo("tiny-grey");
        assertThat(response.getVersion()).isEqualTo("10");
        assertThat(response.getVerdictsList())
                .extracting(verdict -> verdict.getFlagged())
                .containsExactly(false, true);
        assertThat(response.getVerdicts(1).getReason()).isNotBlank();
        assertThat(response.getVerdicts(1).getBitsPerDimension()).isPositive();
        assertThat(response.getVerdicts(1).getStatisticsList())
                .extracting(result -> result.getName())
                .contains("bits-per-dimension");
    }

    @Test
    void httpAndGrpcGiveTheSameNumbers() {
        double overHttp = RestAssured.given()
                .contentType("image/png")
                .body(Images.noise())
                .post("/v1/score")
                .jsonPath(new JsonPathConfig().numberReturnType(JsonPathConfig.NumberReturnType.DOUBLE))
                .getDouble("verdicts[0].bitsPerDimension");
        assertThat(score(Images.noise()).getVerdicts(0).getBitsPerDimension()).isEqualTo(overHttp);
    }

    @Test
    void theRequestChoosesVersionStatisticAndRate() {
        ScoreResponse response = blocking()
                .score(request(Images.clean(0))
                        .setVersion("9")
                        .setStatistic("typicality")
                        .setFalsePositiveRate(0.05)
                        .build());
        assertThat(response.getVersion()).isEqualTo("9");
        assertThat(response.getVerdicts(0).getFalsePositiveRate()).isEqualTo(0.05);
    }

    @Test
    void theCallersFaultsHaveTheirStatuses() {
        assertStatus(request(Images.notAnImage()), Status.Code.INVALID_ARGUMENT, "expected PNG or JPEG");
        assertStatus(request(Images.wrongSize()), Status.Code.INVALID_ARGUMENT, "8×8 grey");
        assertStatus(ScoreRequest.newBuilder(), Status.Code.INVALID_ARGUMENT, "at least one image");
        assertStatus(request(Images.clean(0)).setFalsePositiveRate(0), Status.Code.INVALID_ARGUMENT, "between 0 and 1");
        assertStatus(request(Images.clean(0)).setModel("none"), Status.Code.NOT_FOUND, "none");
    }

    @Test
    void aModelThatAnswersNaNIsInternal() {
        assertStatus(request(Images.blackAndWhite()).setModel("tiny-nan"), Status.Code.INTERNAL, "NaN");
    }

    @Test
    void aFullQueueIsExhaustedAndSaysWhenToRetry() throws InterruptedException {
        try (FullQueue full = FullQueue.of(batcher)) {
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> score(Images.clean(0)))
                    .satisfies(e -> {
                        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                        assertThat(Status.trailersFromThrowable(e))
                                .isNotNull()
                                .extracting(trailers ->
                                        trailers.get(Metadata.Key.of("retry-after", Metadata.ASCII_STRING_MARSHALLER)))
                                .isEqualTo("1");
                    });
        }
    }

    @Test
    void aStreamAnswersInOrderAndOutlivesItsErrors() throws Exception {
        Collector answers = new Collector();
        StreamObserver<ScoreStreamRequest> requests =
                ScoringGrpc.newStub(channel).scoreStream(answers);
        int count = 300;
        for (int i = 0; i < count; i++) {
            byte[] image = i % 7 == 3 ? Images.notAnImage() : i % 2 == 0 ? Images.clean(0) : Images.noise();
            requests.onNext(ScoreStreamRequest.newBuilder()
                    .setId("request-" + i)
                    .setRequest(request(image))
                    .build());
        }
        requests.onCompleted();
        List<ScoreStreamResponse> responses = answers.completed.get(30, TimeUnit.SECONDS);
        assertThat(responses).hasSize(count);
        for (int i = 0; i < count; i++) {
            ScoreStreamResponse response = responses.get(i);
            assertThat(response.getId()).isEqualTo("request-" + i);
            if (i % 7 == 3) {
                assertThat(response.getError().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT.value());
                assertThat(response.getError().getMessage()).contains("expected PNG or JPEG");
            } else {
                assertThat(response.getResponse().getVerdicts(0).getFlagged()).isEqualTo(i % 2 == 1);
            }
        }
    }

    @Test
    void anEmptyStreamEndsWell() throws Exception {
        Collector answers = new Collector();
        ScoringGrpc.newStub(channel).scoreStream(answers).onCompleted();
        assertThat(answers.completed.get(30, TimeUnit.SECONDS)).isEmpty();
    }

    private void assertStatus(ScoreRequest.Builder request, Status.Code code, String message) {
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> blocking().score(request.build()))
                .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
                .withMessageContaining(message);
    }

    private ScoreResponse score(byte[]... images) {
        return blocking().score(request(images).build());
    }

    private ScoringGrpc.ScoringBlockingStub blocking() {
        return ScoringGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private static ScoreRequest.Builder request(byte[]... images) {
        ScoreRequest.Builder request = ScoreRequest.newBuilder();
        for (byte[] image : images) {
            request.addImages(ByteString.copyFrom(image));
        }
        return request;
    }

    private static final class Collector implements StreamObserver<ScoreStreamResponse> {
        private final List<ScoreStreamResponse> received = new ArrayList<>();
        private final CompletableFuture<List<ScoreStreamResponse>> completed = new CompletableFuture<>();

        @Override
        public void onNext(ScoreStreamResponse response) {
            received.add(response);
        }

        @Override
        public void onError(Throwable cause) {
            completed.completeExceptionally(cause);
        }

        @Override
        public void onCompleted() {
            completed.complete(received);
        }
    }
}
