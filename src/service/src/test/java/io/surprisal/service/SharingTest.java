package io.surprisal.service;

import static io.restassured.RestAssured.given;
import static io.surprisal.service.Http.post;
import static io.surprisal.service.Http.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.hamcrest.Matchers.containsString;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.surprisal.service.batch.Batcher;
import io.surprisal.service.caller.Claim;
import io.surprisal.service.config.Priority;
import io.surprisal.service.grpc.v1.ScoreRequest;
import io.surprisal.service.grpc.v1.ScoreResponse;
import io.surprisal.service.grpc.v1.ScoringGrpc;
import jakarta.inject.Inject;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whose images are evaluated when there is not time for all: told by whether a request finds room in a queue that others have filled, which
 * depends on who it is from and on how urgent it is, and on no clock.
 */
@QuarkusTest
@QuarkusTestResource(Bundles.class)
class SharingTest {
    private static final Claim SOMEBODY_ELSE = new Claim("somebody else", Priority.NORMAL);
    private static final Claim OURSELVES = new Claim("127.0.0.1", Priority.NORMAL);

    @Inject
    Batcher batcher;

    @Inject
    MeterRegistry registry;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    private ManagedChannel channel;
    private double refusedBefore;

    @BeforeEach
    void connect() {
        Service.awaitStarted();
        refusedBefore = rejected();
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    @AfterEach
    void theServiceLivesOn() {
        post("image/png", Images.clean(0)).statusCode(200);
        channel.shutdownNow();
    }

    @Test
    void anotherAddressThatFloodsTheServiceDoesNotKeepUsOut() throws Exception {
        CompletableFuture<ValidatableResponse> http;
        CompletableFuture<ScoreResponse> grpc;
        CompletableFuture<ValidatableResponse> oip;
        try (FullQueue full = FullQueue.of(batcher, SOMEBODY_ELSE)) {
            http = later(() -> post("image/png", Images.clean(0)));
            grpc = later(() -> score(ScoreRequest.newBuilder()));
            oip = later(() -> infer(""));
            awaitQueued(3);
        }
        http.get().statusCode(200);
        oip.get().statusCode(200);
        assertThat(grpc.get().getVerdictsCount()).isEqualTo(1);
    }

    @Test
    void whatFloodsTheServiceFromOurAddressIsOurs() throws Exception {
        try (FullQueue full = FullQueue.of(batcher, OURSELVES)) {
            problem(post("image/png", Images.clean(0)), 429, "overloaded");
            infer("").statusCode(429);
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> score(ScoreRequest.newBuilder()))
                    .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
        }
    }

    @Test
    void whatMayWaitDisplacesNobody() throws Exception {
        try (FullQueue full = FullQueue.of(batcher, SOMEBODY_ELSE)) {
            problem(post("image/png", Images.clean(0), "priority=bulk"), 429, "overloaded");
            infer("\"parameters\": {\"priority\": 2},").statusCode(429);
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> score(
                            ScoreRequest.newBuilder().setPriority(io.surprisal.service.grpc.v1.Priority.PRIORITY_BULK)))
                    .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
        }
    }

    @Test
    void whatMayWaitGivesWay() throws Exception {
        CompletableFuture<ValidatableResponse> urgent;
        try (FullQueue full = FullQueue.of(batcher, OURSELVES.as(Priority.BULK))) {
            urgent = later(() -> post("image/png", Images.clean(0)));
            awaitQueued(1);
        }
        urgent.get().statusCode(200);
    }

    @Test
    void whatHasNoVerdictInTimeIsNotEvaluated() throws Exception {
        double before = evaluated();
        long failedBefore = failed();
        try (FullQueue full = FullQueue.of(batcher, OURSELVES.as(Priority.BULK))) {
            problem(post("image/png", Images.clean(0), "timeout=20"), 504, "deadline-exceeded");
            infer("\"parameters\": {\"timeout\": 20000},").statusCode(504);
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> ScoringGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(200, TimeUnit.MILLISECONDS)
                            .score(image(ScoreRequest.newBuilder())))
                    .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
            // The caller's clock may be ahead of the service's.
            Patience.until("the service to know of all three", () -> failed() == failedBefore + 3);
        }
        assertThat(evaluated()).as("images that the model was run on").isEqualTo(before);
    }

    @Test
    void whoeverWaitsLongerThanAClockCountsIsAnswered() {
        infer("\"parameters\": {\"timeout\": %d},".formatted(Long.MAX_VALUE)).statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"priority=urgent", "timeout=0", "timeout=-1", "timeout=soon"})
    void aPriorityOrATimeoutThatIsNoneIsTheCallersFault(String query) {
        problem(post("image/png", Images.clean(0), query), 400, "invalid-request")
                .body("detail", containsString(query.split("=", 2)[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"priority\": -1", "\"timeout\": 1.5", "\"timeout\": \"soon\""})
    void aParameterThatIsNoneIsTheCallersFault(String parameter) {
        infer("\"parameters\": {" + parameter + "},")
                .statusCode(400)
                .body("error", containsString(parameter.split("\"", 3)[1]));
    }

    private static <T> CompletableFuture<T> later(Supplier<T> request) {
        return CompletableFuture.supplyAsync(request, Thread::startVirtualThread);
    }

    /** Each request that is in the queue has displaced one image of those that fill it. */
    private void awaitQueued(double requests) {
        Patience.until("requests to be in the queue", () -> rejected() >= refusedBefore + requests);
    }

    private double rejected() {
        return registry.get("surprisal.rejected").counter().count();
    }

    private long failed() {
        return registry.get("surprisal.score").tag("outcome", "failure").timer().count();
    }

    private double evaluated() {
        return registry.get("surprisal.batch.images").summary().totalAmount();
    }

    private ScoreResponse score(ScoreRequest.Builder request) {
        return ScoringGrpc.newBlockingStub(channel).score(image(request));
    }

    private static ScoreRequest image(ScoreRequest.Builder request) {
        return request.addImages(ByteString.copyFrom(Images.clean(0))).build();
    }

    /** @param parameters of the request as JSON, with a comma behind it */
    private static ValidatableResponse infer(String parameters) {
        String pixels = IntStream.range(0, 64).mapToObj(pixel -> "0").collect(Collectors.joining(","));
        return given().contentType(ContentType.JSON)
                .body("""
                        {%s "inputs": [{"name": "image", "shape": [1, 1, 8, 8], "datatype": "UINT8", "data": [%s]}]}
                        """.formatted(parameters, pixels))
                .post("/v2/models/tiny-grey/infer")
                .then();
    }
}
