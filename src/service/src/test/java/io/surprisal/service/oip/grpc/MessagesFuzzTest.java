package io.surprisal.service.oip.grpc;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.surprisal.service.oip.HostileRequests;
import io.surprisal.service.oip.grpc.v2.InferParameter;
import io.surprisal.service.oip.grpc.v2.InferTensorContents;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest.InferInputTensor;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest.InferRequestedOutputTensor;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/** What can go wrong: a message that gRPC takes ends in an exception that is not the caller's fault. */
class MessagesFuzzTest {
    static List<byte[]> seeds() {
        ModelInferRequest raw = ModelInferRequest.newBuilder()
                .setModelName("m")
                .setId("7")
                .putParameters("fpr", parameter().setDoubleParam(0.05).build())
                .putParameters("timeout", parameter().setInt64Param(100).build())
                .putParameters("priority", parameter().setUint64Param(2).build())
                .putParameters(
                        "statistic", parameter().setStringParam("typicality").build())
                .addInputs(input("image", "UINT8", 1, 1, 2, 2))
                .addRawInputContents(ByteString.copyFromUtf8("abcd"))
                .addOutputs(InferRequestedOutputTensor.newBuilder().setName("flagged"))
                .build();
        ModelInferRequest typed = ModelInferRequest.newBuilder()
                .addInputs(input("image", "UINT8", 1, 1, 1, 2)
                        .setContents(InferTensorContents.newBuilder()
                                .addUintContents(1)
                                .addUintContents(255)))
                .build();
        ModelInferRequest encoded = ModelInferRequest.newBuilder()
                .addInputs(input("encoded", "BYTES", 1))
                .addRawInputContents(ByteString.copyFrom(new byte[] {2, 0, 0, 0, 'a', 'b'}))
                .build();
        return List.of(raw.toByteArray(), typed.toByteArray(), encoded.toByteArray());
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "5s")
    void anyMessageIsARequestOrTheCallersFault(byte[] bytes) {
        ModelInferRequest message;
        try {
            message = ModelInferRequest.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            return; // gRPC answers it, and nobody here sees it
        }
        HostileRequests.examine(() -> Messages.request(message));
    }

    private static InferParameter.Builder parameter() {
        return InferParameter.newBuilder();
    }

    private static InferInputTensor.Builder input(String name, String datatype, long... shape) {
        InferInputTensor.Builder input =
                InferInputTensor.newBuilder().setName(name).setDatatype(datatype);
        for (long axis : shape) {
            input.addShape(axis);
        }
        return input;
    }
}
