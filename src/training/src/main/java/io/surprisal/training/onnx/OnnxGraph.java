package io.surprisal.training.onnx;

import com.google.protobuf.ByteString;
import io.surprisal.detector.onnx.AttributeProto;
import io.surprisal.detector.onnx.GraphProto;
import io.surprisal.detector.onnx.ModelProto;
import io.surprisal.detector.onnx.NodeProto;
import io.surprisal.detector.onnx.OperatorSetIdProto;
import io.surprisal.detector.onnx.StringStringEntryProto;
import io.surprisal.detector.onnx.TensorProto;
import io.surprisal.detector.onnx.TensorShapeProto;
import io.surprisal.detector.onnx.TypeProto;
import io.surprisal.detector.onnx.ValueInfoProto;
import io.surprisal.detector.quantise.ImageShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An ONNX graph under construction: constants and nodes go in, handles come out. Only the standard domain. Not thread-safe.
 */
final class OnnxGraph {
    /** The newest operator set that every operator used here has not changed since. */
    static final int OPSET = 18;

    private static final int IR_VERSION = 9;

    private final GraphProto.Builder graph;
    private int count;

    OnnxGraph(String name) {
        graph = GraphProto.newBuilder().setName(name);
    }

    /** Declares an input; −1 is the free dimension N. */
    OnnxValue input(String name, TensorProto.DataType type, long... shape) {
        graph.addInput(valueInfo(name, type, shape));
        return new OnnxValue(name);
    }

    /** Declares that {@code value} leaves the graph as float32 under the name {@code name}. */
    void output(String name, OnnxValue value, long... shape) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Identity")
                .setName(name)
                .addInput(value.name())
                .addOutput(name));
        graph.addOutput(valueInfo(name, TensorProto.DataType.FLOAT, shape));
    }

    /** The same for one number a dimension of images, in any shape that reads (N, C, H, W) in order. */
    void output(String name, ImageShape images, OnnxValue value) {
        OnnxValue ordered = reshape(value, 0, images.channels(), images.height(), images.width());
        output(name, ordered, -1, images.channels(), images.height(), images.width());
    }

    OnnxValue constant(String name, float[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return constant(name, TensorProto.DataType.FLOAT, bytes, shape);
    }

    OnnxValue constant(String name, long[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return constant(name, TensorProto.DataType.INT64, bytes, shape);
    }

    /** A scalar. */
    OnnxValue constant(String name, float value) {
        return constant(name, new float[] {value});
    }

    private OnnxValue constant(String name, TensorProto.DataType type, ByteBuffer bytes, long... shape) {
        String unique = unique(name);
        graph.addInitializer(TensorProto.newBuilder()
                .setName(unique)
                .setDataType(type.getNumber())
                .addAllDims(Arrays.stream(shape).boxed().toList())
                .setRawData(ByteString.copyFrom(bytes)));
        return new OnnxValue(unique);
    }

    /** A node with one output. */
    OnnxValue apply(String operator, List<OnnxValue> inputs, AttributeProto... attributes) {
        String output = unique(operator);
        graph.addNode(NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(inputs.stream().map(OnnxValue::name).toList())
                .addOutput(output)
                .addAllAttribute(List.of(attributes)));
        return new OnnxValue(output);
    }

    OnnxValue apply(String operator, OnnxValue input, AttributeProto... attributes) {
        return apply(operator, List.of(input), attributes);
    }

    OnnxValue add(OnnxValue a, OnnxValue b) {
        return apply("Add", List.of(a, b));
    }

    OnnxValue subtract(OnnxValue a, OnnxValue b) {
        return apply("Sub", List.of(a, b));
    }

    OnnxValue multiply(OnnxValue a, OnnxValue b) {
        return apply("Mul", List.of(a, b));
    }

    /** Over one axis, which stays with length 1. */
    OnnxValue sum(OnnxValue x, long axis) {
        return apply("ReduceSum", List.of(x, constant("axis", new long[] {axis}, 1)), attribute("keepdims", 1));
    }

    /** 0 among the dimensions copies the one of {@code x} at that place. */
    OnnxValue reshape(OnnxValue x, long... dimensions) {
        return apply("Reshape", List.of(x, constant("shape", dimensions, dimensions.length)));
    }

    OnnxValue cast(OnnxValue x, TensorProto.DataType type) {
        return apply("Cast", x, attribute("to", type.getNumber()));
    }

    static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    static AttributeProto attribute(String name, String value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    static AttributeProto attribute(String name, long... values) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(Arrays.stream(values).boxed().toList())
                .build();
    }

    static AttributeProto attribute(String name, float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    /** The attribute {@code value} of a node that fills a tensor. */
    static AttributeProto filling(float value) {
        return AttributeProto.newBuilder()
                .setName("value")
                .setType(AttributeProto.AttributeType.TENSOR)
                .setT(TensorProto.newBuilder()
                        .setDataType(TensorProto.DataType.FLOAT.getNumber())
                        .addDims(1)
                        .addFloatData(value))
                .build();
    }

    /** The whole model, without what no output needs; {@code provenance} goes into its metadata, so that a stray file still says where it comes from. */
    ModelProto model(String producer, Map<String, String> provenance) {
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName(producer)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .setGraph(needed());
        provenance.forEach((key, value) -> model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.build();
    }

    /** Nodes are in the order of their making, so that what one needs comes before it. */
    private GraphProto needed() {
        Set<String> names = new HashSet<>();
        graph.getOutputList().forEach(output -> names.add(output.getName()));
        List<NodeProto> nodes = new ArrayList<>();
        for (NodeProto node : graph.getNodeList().reversed()) {
            if (node.getOutputList().stream().anyMatch(names::contains)) {
                names.addAll(node.getInputList());
                nodes.add(node);
            }
        }
        return graph.clone()
                .clearNode()
                .addAllNode(nodes.reversed())
                .clearInitializer()
                .addAllInitializer(graph.getInitializerList().stream()
                        .filter(tensor -> names.contains(tensor.getName()))
                        .toList())
                .build();
    }

    private String unique(String name) {
        return name + "_" + count++;
    }

    private static ValueInfoProto valueInfo(String name, TensorProto.DataType type, long... shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        for (long n : shape) {
            TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
            dimensions.addDim(n < 0 ? dimension.setDimParam("N") : dimension.setDimValue(n));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.getNumber())
                                .setShape(dimensions)))
                .build();
    }
}
