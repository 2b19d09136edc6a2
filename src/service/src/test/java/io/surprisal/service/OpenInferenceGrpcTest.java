package io.surprisal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.batch.Batcher;
import io.surprisal.service.oip.grpc.v2.GRPCInferenceServiceGrpc;
import io.surprisal.service.oip.grpc.v2.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.surprisal.service.oip.grpc.v2.InferParameter;
import io.surprisal.service.oip.grpc.v2.InferTensorContents;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest.InferInputTensor;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest.InferRequestedOutputTensor;
import io.surprisal.service.oip.grpc.v2.ModelInferResponse;
import io.surprisal.service.oip.grpc.v2.ModelMetadataRequest;
import io.surprisal.service.oip.grpc.v2.ModelMetadataResponse;
import io.surprisal.service.oip.grpc.v2.ModelMetadataResponse.TensorMetadata;
import io.surprisal.service.oip.grpc.v2.ModelReadyRequest;
import io.surprisal.service.oip.grpc.v2.ServerLiveRequest;
import io.surprisal.service.oip.grpc.v2.ServerMetadataRequest;
import io.surprisal.service.oip.grpc.v2.ServerReadyRequest;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Bundles.class)
class OpenInferenceGrpcTest {
    private static final Levels TWO = Bundles.GREY.clean(2, 3);

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    @Inject
    Batcher batcher;

    private ManagedChannel channel;
    private GRPCInferenceServiceBlockingStub stub;

    @BeforeEach
    void connect() {
        Service.awaitStarted();
        channel =
                NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
        stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    @Test
    void theServerSaysWhoItIsAndHowItIs() {
        assertThat(stub.serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
                .isTrue();
        assertThat(stub.serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
                .isTrue();
        assertThat(stub.serverMetadata(ServerMetadataRequest.getDefaultInstance())
                        .getExtensionsList())
                .contains("binary_tensor_data");
        assertThat(stub.modelReady(ModelReadyRequest.newBuilder()
                                .setName("tiny-grey")
                                .setVersion("9")
                                .build())
                        .getReady())
                .isTrue();
    }

    @Test
    void aModelSaysWhatItTakesAndGives() {
        ModelMetadataResponse model = stub.modelMetadata(
                ModelMetadataRequest.newBuilder().setName("tiny-grey").build());

        assertThat(model.getVersionsList()).containsExactly("10", "9");
        assertThat(model.getInputs(0).getShapeList()).containsExactly(-1L, 1L, 8L, 8L);
        assertThat(model.getOutputsList())
                .extracting(TensorMetadata::getName)
                .containsExactly("flagged", "p_value", "bits_per_dimension", "log_likelihood", "log_prob");
    }

    @Test
    void onlyAModelWithAScreenSaysWhatTheScreenDecided() {
        ModelMetadataResponse model = stub.modelMetadata(
                ModelMetadataRequest.newBuilder().setName("tiny-cascade").build());
        assertThat(model.getOutputsList()).extracting(TensorMetadata::getName).contains("screened");

        Levels noise = Bundles.GREY.noise(1, 4);
        ModelInferResponse response =
                stub.modelInfer(typed(noise).setModelName("tiny-cascade").build());
        assertThat(response.getOutputs(4).getName()).isEqualTo("screened");
        assertThat(response.getOutputs(4).getContents().getBoolContentsList()).containsExactly(true);
        refused(typed(noise).addOutputs(output("screened")), Status.Code.INVALID_ARGUMENT, "got 'screened'");
    }

    @Test
    void typedContentsAreAnsweredInKind() {
        ModelInferResponse response = stub.modelInfer(typed(TWO).build());

        assertThat(response.getModelVersion()).isEqualTo("10");
        assertThat(response.getId()).isEqualTo("7");
        assertThat(response.getRawOutputContentsList()).isEmpty();
        assertThat(response.getOutputs(0).getName()).isEqualTo("flagged");
        assertThat(response.getOutputs(0).getContents().getBoolContentsList()).containsExactly(false, false);
        assertThat(response.getOutputs(3).getDatatype()).isEqualTo("FP64");
        assertThat(response.getOutputs(3).getContents().getFp64ContentsCount()).isEqualTo(2);
    }

    @Test
    void rawContentsAreAnsweredInKindAndSayTheSame() {
        List<Double> nats =
                stub.modelInfer(typed(TWO).build()).getOutputs(3).getContents().getFp64ContentsList();

        ModelInferResponse response = stub.modelInfer(raw(TWO).addOutputs(output("log_likelihood"))
                .addOutputs(output("log_prob"))
                .build());

        assertThat(response.getOutputsList()).noneMatch(output -> output.hasContents());
        assertThat(response.getOutputs(1).getShapeList()).containsExactly(2L, 1L, 8L, 8L);
        ByteBuffer raw = little(response.getRawOutputContents(0));
        assertThat(List.of(raw.getDouble(), raw.getDouble())).isEqualTo(nats);
        ByteBuffer logProb = little(response.getRawOutputContents(1));
        double sum = 0;
        for (int i = 0; i < 64; i++) {
            sum += logProb.getFloat();
        }
        assertThat(sum).as("the chain rule").isEqualTo(nats.getFirst());
    }

    @Test
    void filesGoRawAndTyped() {
        InferInputTensor.Builder input = InferInputTensor.newBuilder()
                .setName("encoded")
                .setDatatype("BYTES")
                .addShape(1);
        byte[] file = Images.noise();
        ByteString raw = ByteString.copyFrom(ByteBuffer.allocate(4 + file.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(file.length)
                .put(file)
                .flip());

        assertThat(stub.modelInfer(ModelInferRequest.newBuilder()
                                .addInputs(input)
                                .addRawInputContents(raw)
                                .build())
                        .getRawOutputContents(0))
                .isEqualTo(ByteString.copyFrom(new byte[] {1}));
        input.setContents(InferTensorContents.newBuilder().addBytesContents(ByteString.copyFrom(file)));
        assertThat(stub.modelInfer(
                                ModelInferRequest.newBuilder().addInputs(input).build())
                        .getOutputs(0)
                        .getContents()
                        .getBoolContents(0))
                .isTrue();
    }

    @Test
    void parametersDecide() {
        ModelInferResponse response = stub.modelInfer(typed(TWO)
                .setModelName("tiny-grey")
                .setModelVersion("9")
                .putParameters(
                        "statistic",
                        InferParameter.newBuilder()
                                .setStringParam("bits-per-dimension")
                                .build())
                .putParameters(
                        "fpr", InferParameter.newBuilder().setDoubleParam(0.999).build())
                .build());

        assertThat(response.getModelVersion()).isEqualTo("9");
        assertThat(response.getOutputs(0).getContents().getBoolContentsList()).containsExactly(true, true);
    }

    @Test
    void whatIsWrongComesAsAStatus() throws InterruptedException {
        refused(typed(TWO).setModelName("none"), Status.Code.NOT_FOUND, "no model none");
        refused(typed(TWO).setModelVersion("11"), Status.Code.NOT_FOUND, "version 11");
        refused(ModelInferRequest.newBuilder(), Status.Code.INVALID_ARGUMENT, "one input");
        refused(typed(TWO).addOutputs(output("label")), Status.Code.INVALID_ARGUMENT, "'label'");
        refused(raw(TWO).addRawInputContents(ByteString.EMPTY), Status.Code.INVALID_ARGUMENT, "raw_input_contents");
        refused(
                typed(TWO).addRawInputContents(ByteString.EMPTY),
                Status.Code.INVALID_ARGUMENT,
                "got both for input image");
        ModelInferRequest.Builder bright = typed(TWO);
        bright.getInputsBuilder(0).getContentsBuilder().setUintContents(0, 256);
        refused(bright, Status.Code.INVALID_ARGUMENT, "values 0 to 255");
        ModelInferRequest.Builder cut = raw(TWO);
        cut.setRawInputContents(0, cut.getRawInputContents(0).substring(1));
        refused(cut, Status.Code.INVALID_ARGUMENT, "127 elements");
        try (FullQueue full = FullQueue.of(batcher)) {
            StatusRuntimeException e = refused(typed(TWO), Status.Code.RESOURCE_EXHAUSTED, "queue is full");
            assertThat(e.getTrailers())
                    .isNotNull()
                    .satisfies(trailers -> assertThat(
                                    trailers.get(Metadata.Key.of("retry-after", Metadata.ASCII_STRING_MARSHALLER)))
                            .isEqualTo("1"));
        }
        assertThat(stub.modelInfer(typed(TWO).build()).getOutputsCount()).isEqualTo(4);
    }

    private StatusRuntimeException refused(ModelInferRequest.Builder request, Status.Code code, String message) {
        StatusRuntimeException[] caught = new StatusRuntimeException[1];
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> stub.modelInfer(request.build()))
                .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
                .withMessageContaining(message)
                .satisfies(e -> caught[0] = e);
        return caught[0];
    }

    private static ModelInferRequest.Builder typed(Levels images) {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        for (byte level : images.data()) {
            contents.addUintContents(Byte.toUnsignedInt(level));
        }
        return ModelInferRequest.newBuilder().setId("7").addInputs(image(images).setContents(contents));
    }

    private static ModelInferRequest.Builder raw(Levels images) {
        return ModelInferRequest.newBuilder()
                .addInputs(image(images))
                .addRawInputContents(ByteString.copyFrom(images.data()));
    }

    private static InferInputTensor.Builder image(Levels images) {
        return InferInputTensor.newBuilder()
                .setName("image")
                .setDatatype("UINT8")
                .addAllShape(List.of((long) images.count(), 1L, 8L, 8L));
    }

    private static InferRequestedOutputTensor output(String name) {
        return InferRequestedOutputTensor.newBuilder().setName(name).build();
    }

    private static ByteBuffer little(ByteString raw) {
        return raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
}
