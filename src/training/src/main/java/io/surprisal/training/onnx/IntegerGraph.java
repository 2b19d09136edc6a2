package io.surprisal.training.onnx;

import com.google.protobuf.ByteString;
import io.surprisal.detector.onnx.AttributeProto;
import io.surprisal.detector.onnx.GraphProto;
import io.surprisal.detector.onnx.ModelProto;
import io.surprisal.detector.onnx.NodeProto;
import io.surprisal.detector.onnx.TensorProto;
import io.surprisal.detector.quantise.Levels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a float32 graph anew with some of its convolutions in integers. Around each stand QuantizeLinear and DequantizeLinear, which say
 * in standard operators what the integers mean; ONNX Runtime makes one QLinearConv of the group. That is as fast as writing QLinearConv,
 * and other runtimes can read it; ConvInteger is four times slower.
 *
 * <p>Codes of activations are uint8 and those of weights int8. With int8 for both the likelihoods were the same, and on a processor with VNNI
 * it took twice as long.
 *
 * <p>Scales and zero points are constants. So causality is kept: the code of a value depends on nothing but that value.
 */
final class IntegerGraph {
    private static final String CODES = "/codes";
    private static final String VALUES = "/values";

    private final ModelProto model;
    private final List<QuantisableConvolution> convolutions;
    private final Map<String, TensorProto> constants = new HashMap<>();
    private final Map<String, ActivationRange> ranges = new HashMap<>();

    private IntegerGraph(ModelProto model, List<QuantisableConvolution> convolutions) {
        this.model = model;
        this.convolutions = convolutions;
        model.getGraph().getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
    }

    /** Observes the graph on images; nothing is quantised yet. */
    static IntegerGraph of(ModelProto model, Levels images) {
        IntegerGraph graph = new IntegerGraph(model, QuantisableConvolution.of(model.getGraph()));
        Set<String> tensors = new LinkedHashSet<>();
        for (QuantisableConvolution convolution : graph.convolutions) {
            tensors.add(convolution.input());
            tensors.add(convolution.result());
        }
        if (tensors.isEmpty()) {
            return graph; // a graph without outputs cannot be run
        }
        graph.ranges.putAll(ActivationRanges.of(model, tensors, images));
        for (QuantisableConvolution convolution : graph.convolutions) {
            graph.ranges.computeIfPresent(
                    convolution.result(), (name, range) -> range.within(convolution.low(), convolution.high()));
        }
        return graph;
    }

    List<QuantisableConvolution> convolutions() {
        return convolutions;
    }

    /** The model with these convolutions in integers. */
    ModelProto with(Collection<QuantisableConvolution> chosen) {
        return new Writing(chosen).write();
    }

    private final class Writing {
        private final GraphProto.Builder graph =
                model.getGraph().toBuilder().clearNode().clearInitializer();
        private final Set<String> inIntegers = new HashSet<>();
        private final Set<String> inputs = new HashSet<>();
        private final Set<String> results = new HashSet<>();

        Writing(Collection<QuantisableConvolution> chosen) {
            for (QuantisableConvolution convolution : chosen) {
                inIntegers.add(convolution.name());
                inputs.add(convolution.input());
                results.add(convolution.result());
            }
        }

        ModelProto write() {
            for (NodeProto node : model.getGraph().getNodeList()) {
                graph.addNode(inIntegers.contains(node.getOutput(0)) ? ofIntegers(node) : ofFloats(node));
                for (String output : node.getOutputList()) {
                    if (inputs.contains(output) || results.contains(output)) {
                        code(output);
                    }
                }
            }
            Set<String> used = new HashSet<>();
            graph.getNodeList().forEach(node -> used.addAll(node.getInputList()));
            for (TensorProto tensor : model.getGraph().getInitializerList()) {
                if (used.contains(tensor.getName())) {
                    graph.addInitializer(tensor);
                }
            }
            return model.toBuilder().setGraph(graph).build();
        }

        /** Reads what integers came out of as values; of what is only coded for others, the floats. */
        private NodeProto ofFloats(NodeProto node) {
            NodeProto.Builder builder = node.toBuilder();
            for (int i = 0; i < node.getInputCount(); i++) {
                if (results.contains(node.getInput(i))) {
                    builder.setInput(i, node.getInput(i) + VALUES);
                }
            }
            return builder.build();
        }

        private NodeProto ofIntegers(NodeProto node) {
            String name = node.getOutput(0);
            TensorProto weight = constant(node.getInput(1));
            float inputScale = range(node.getInput(0)).scale();
            ChannelCodes codes = ChannelCodes.of(floats(weight), floats(constant(node.getInput(2))), inputScale);
            int channels = codes.scales().length;
            float[] biasScales = new float[channels];
            for (int channel = 0; channel < channels; channel++) {
                biasScales[channel] = inputScale * codes.scales()[channel];
            }
            ByteBuffer bias = buffer(Integer.BYTES * channels);
            bias.asIntBuffer().put(codes.bias());
            String weights = values(
                    name + "/weight",
                    tensor(TensorProto.DataType.INT8, ByteBuffer.wrap(codes.weights()), weight.getDimsList()),
                    codes.scales(),
                    tensor(TensorProto.DataType.INT8, buffer(channels), List.of((long) channels)));
            String biases = values(
                    name + "/bias",
                    tensor(TensorProto.DataType.INT32, bias, List.of((long) channels)),
                    biasScales,
                    tensor(TensorProto.DataType.INT32, buffer(Integer.BYTES * channels), List.of((long) channels)));
            return node.toBuilder()
                    .setInput(0, node.getInput(0) + VALUES)
                    .setInput(1, weights)
                    .setInput(2, biases)
                    .build();
        }

        /** Constant codes as values, with a scale for each output channel. */
        private String values(String name, TensorProto.Builder codes, float[] scales, TensorProto.Builder zeros) {
            List<String> inputs = List.of(
                    add(name + CODES, codes),
                    add(name + "/scales", tensor(scales, List.of((long) scales.length))),
                    add(name + "/zeros", zeros));
            node("DequantizeLinear", inputs, name + VALUES, OnnxGraph.attribute("axis", 0));
            return name + VALUES;
        }

        private void code(String tensor) {
            ActivationRange range = range(tensor);
            ByteBuffer zero = ByteBuffer.wrap(new byte[] {(byte) range.zeroPoint()});
            String scale = add(tensor + "/scale", tensor(new float[] {range.scale()}, List.of()));
            String zeroPoint = add(tensor + "/zero", tensor(TensorProto.DataType.UINT8, zero, List.of()));
            node("QuantizeLinear", List.of(tensor, scale, zeroPoint), tensor + CODES);
            node("DequantizeLinear", List.of(tensor + CODES, scale, zeroPoint), tensor + VALUES);
        }

        private void node(String operator, List<String> from, String output, AttributeProto... attributes) {
            graph.addNode(NodeProto.newBuilder()
                    .setOpType(operator)
                    .setName(output)
                    .addAllInput(from)
                    .addOutput(output)
                    .addAllAttribute(List.of(attributes)));
        }

        private String add(String name, TensorProto.Builder tensor) {
            graph.addInitializer(tensor.setName(name));
            return name;
        }
    }

    private ActivationRange range(String tensor) {
        ActivationRange range = ranges.get(tensor);
        if (range == null) {
            throw new IllegalStateException("expected that tensor " + tensor + " was observed");
        }
        return range;
    }

    private TensorProto constant(String name) {
        TensorProto tensor = constants.get(name);
        if (tensor == null) {
            throw new IllegalStateException("expected that " + name + " is a constant");
        }
        return tensor;
    }

    /** As {@link OnnxGraph} writes them. */
    private static float[] floats(TensorProto tensor) {
        ByteBuffer bytes = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    private static TensorProto.Builder tensor(float[] values, List<Long> size) {
        ByteBuffer bytes = buffer(Float.BYTES * values.length);
        bytes.asFloatBuffer().put(values);
        return tensor(TensorProto.DataType.FLOAT, bytes, size);
    }

    private static TensorProto.Builder tensor(TensorProto.DataType type, ByteBuffer bytes, List<Long> size) {
        return TensorProto.newBuilder()
                .setDataType(type.getNumber())
                .addAllDims(size)
                .setRawData(ByteString.copyFrom(bytes));
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
