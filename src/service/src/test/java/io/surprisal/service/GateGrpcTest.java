package io.surprisal.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall;
import io.grpc.ForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.gate.GateServer;
import io.surprisal.service.gate.Ruling;
import io.surprisal.service.grpc.v1.ScoreRequest;
import io.surprisal.service.grpc.v1.ScoringGrpc;
import io.surprisal.service.oip.grpc.v2.GRPCInferenceServiceGrpc;
import io.surprisal.service.oip.grpc.v2.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest.InferInputTensor;
import io.surprisal.service.oip.grpc.v2.ModelInferResponse;
import io.surprisal.service.oip.grpc.v2.ServerLiveRequest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The reverse proxy in front of a classifier that speaks gRPC. */
@QuarkusTest
@QuarkusTestResource(Bundles.class)
@QuarkusTestResource(value = Classifier.class, restrictToAnnotatedClass = true)
class GateGrpcTest {
    private static final Metadata.Key<String> TRAILER = Metadata.Key.of("x-trailer", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> VERDICT =
            Metadata.Key.of(Ruling.VERDICT, Metadata.ASCII_STRING_MARSHALLER);

    @Inject
    GateServer server;

    private final Metadata seen = new Metadata();
    private ManagedChannel channel;
    private GRPCInferenceServiceBlockingStub stub;

    @BeforeEach
    void connect() {
        Service.awaitStarted();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
        stub = GRPCInferenceServiceGrpc.newBlockingStub(channel).withInterceptors(new Remember(seen));
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    @Test
    void aCleanImageReachesTheClassifierAndItsTrailersComeBack() {
        Levels clean = Bundles.GREY.clean(1, 3);
        ModelInferResponse response = stub.modelInfer(request(clean, "any"));

        assertThat(response.getId()).isEqualTo("7");
        assertThat(response.getRawOutputContents(0)).isEqualTo(ByteString.copyFrom(clean.data()));
        assertThat(seen.get(TRAILER)).as("what the classifier was told").isEqualTo("accepted");
        assertThat(seen.get(VERDICT)).as("what the caller is told").isEqualTo("accepted");
    }

    @Test
    void aCompressedMessageIsJudgedToo() {
        GRPCInferenceServiceBlockingStub packing = stub.withCompression("gzip");
        assertThat(packing.modelInfer(request(Bundles.GREY.clean(1, 3), "any")).getId())
                .isEqualTo("7");
        assertThat(status(() -> packing.modelInfer(request(Bundles.GREY.noise(1, 4), "any")))
                        .getCode())
                .isEqualTo(Status.Code.PERMISSION_DENIED);
    }

    @Test
    void aFlaggedImageIsDenied() {
        Status status = status(() -> stub.modelInfer(request(Bundles.GREY.noise(1, 4), "any")));

        assertThat(status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(status.getDescription()).isEqualTo("the image was refused");
        assertThat(seen.containsKey(TRAILER)).as("an answer of the classifier").isFalse();
    }

    @Test
    void whatTheClassifierRefusesIsItsOwnAnswer() {
        Status status = status(() -> stub.modelInfer(request(Bundles.GREY.clean(1, 3), "absent")));

        assertThat(status.getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(status.getDescription()).isEqualTo("the classifier says so");
    }

    @Test
    void callsWithoutImagesGoThrough() {
        assertThat(stub.serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
                .isTrue();
        assertThat(seen.get(TRAILER)).isEqualTo("none");
    }

    @Test
    void whatCannotBeJudgedIsRefused() {
        assertThat(status(() -> stub.modelInfer(ModelInferRequest.getDefaultInstance()))
                        .getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        Status unknown = status(() -> ScoringGrpc.newBlockingStub(channel).score(ScoreRequest.getDefaultInstance()));
        assertThat(unknown.getCode()).as("a method nobody knows").isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    private static Status status(Supplier<?> call) {
        try {
            throw new AssertionError("expected the call to fail, got " + call.get());
        } catch (StatusRuntimeException e) {
            return e.getStatus();
        }
    }

    private static ModelInferRequest request(Levels images, String model) {
        return ModelInferRequest.newBuilder()
                .setModelName(model)
                .setId("7")
                .addInputs(InferInputTensor.newBuilder()
                        .setName("x")
                        .setDatatype("UINT8")
                        .addAllShape(List.of((long) images.count(), 1L, 8L, 8L)))
                .addRawInputContents(ByteString.copyFrom(images.data()))
                .build();
    }

    /** Keeps headers and trailers of answers. */
    private record Remember(Metadata seen) implements ClientInterceptor {
        @Override
        public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            return new ForwardingClientCall.SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<R> listener, Metadata headers) {
                    super.start(
                            new ForwardingClientCallListener.SimpleForwardingClientCallListener<>(listener) {
                                @Override
                                public void onHeaders(Metadata answered) {
                                    seen.merge(answered);
                                    super.onHeaders(answered);
                                }

                                @Override
                                public void onClose(Status status, Metadata trailers) {
                                    seen.merge(trailers);
                                    super.onClose(status, trailers);
                                }
                            },
                            headers);
                }
            };
        }
    }
}
