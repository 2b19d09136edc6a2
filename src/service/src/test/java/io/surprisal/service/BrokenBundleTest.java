package io.surprisal.service;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.surprisal.detector.TinyFault;
import io.surprisal.service.grpc.v1.ScoreRequest;
import io.surprisal.service.grpc.v1.ScoringGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service whose only bundle has one byte changed, and a folder that is not there: it stays up, says why, and judges nothing. */
@QuarkusTest
@QuarkusTestResource(value = BrokenBundleTest.Broken.class, restrictToAnnotatedClass = true)
class BrokenBundleTest {
    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    @BeforeEach
    void awaitStarted() {
        Service.awaitStarted();
    }

    @Test
    void itLivesAndIsNotReadyAndSaysWhy() {
        given().get("/q/health/live").then().statusCode(200);
        given().get("/q/health/ready")
                .then()
                .statusCode(503)
                .body("status", equalTo("DOWN"))
                .body("checks.find { it.name == 'models' }.data.'tiny-grey/1'", containsString("SHA-256 of model.onnx"))
                .body("checks.find { it.name == 'models' }.data.'models/missing'", containsString("refused"));
    }

    @Test
    void scoringIsUnavailableOverHttp() {
        given().contentType("application/octet-stream")
                .body(Images.clean(0))
                .post("/v1/score")
                .then()
                .statusCode(503)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:surprisal:problem:not-ready"))
                .body("detail", containsString("SHA-256 of model.onnx"));
        given().contentType("application/octet-stream")
                .body(Images.clean(0))
                .queryParam("model", "tiny-grey")
                .post("/v1/score")
                .then()
                .statusCode(503);
    }

    @Test
    void scoringIsUnavailableOverGrpc() {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
        try {
            ScoreRequest request = ScoreRequest.newBuilder()
                    .addImages(ByteString.copyFrom(Images.clean(0)))
                    .build();
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> ScoringGrpc.newBlockingStub(channel).score(request))
                    .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE))
                    .withMessageContaining("SHA-256 of model.onnx");
        } finally {
            channel.shutdownNow();
        }
    }

    /** The folders that break the contract. */
    public static final class Broken implements QuarkusTestResourceLifecycleManager {
        private @Nullable Path folder;

        @Override
        public Map<String, String> start() {
            try {
                Path temporary = Files.createTempDirectory("surprisal-broken");
                folder = temporary;
                Path models = Files.createDirectories(temporary.resolve("models"));
                Path bundle =
                        Files.createDirectories(models.resolve("tiny-grey").resolve("1"));
                Bundles.GREY.write(bundle, TinyFault.BYTE_CHANGED);
                return Map.of("surprisal.models", models + "," + models.resolve("missing"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void stop() {
            TemporaryFolders.delete(folder);
        }
    }
}
