package io.surprisal.detector.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import io.surprisal.detector.onnx.ModelProto;
import io.surprisal.detector.onnx.NodeProto;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/** What can go wrong: a {@code model.onnx} ends in another exception than a refusal, or brings an operator that nobody has allowed. */
class ModelContractFuzzTest {
    static List<byte[]> seeds() {
        return List.of(HostileBundles.MODEL.onnx().toByteArray());
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "5s")
    void anyBytesKeepTheContractOrAreRefused(byte[] onnx) {
        HostileBundles.examine(
                () -> ModelContract.check(onnx, HostileBundles.MODEL.shape()).outputs(), outputs -> {
                    assertThat(outputs).contains("log_prob");
                    assertThat(nodes(onnx)).extracting(NodeProto::getOpType).isSubsetOf(Operators.ALLOWED);
                });
    }

    private static List<NodeProto> nodes(byte[] onnx) {
        try {
            return ModelProto.parseFrom(onnx).getGraph().getNodeList();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("expected what has been checked to be readable", e);
        }
    }
}
