package io.surprisal.training.onnx;

import io.surprisal.detector.onnx.GraphProto;
import io.surprisal.detector.onnx.NodeProto;
import io.surprisal.detector.onnx.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A convolution of a graph with constant weights and bias, and where it begins and ends when it is made of integers.
 *
 * @param name of its node's output
 * @param input what it reads, float32
 * @param result what it gives, float32: its own output, or that of the ReLU behind it, which integers get for nothing
 * @param low values of the result below this make no difference to what comes next, or −∞
 * @param high values above this make none, or ∞
 */
record QuantisableConvolution(String name, String input, String result, float low, float high) {
    /** tanh is within 7e-4 of ±1 beyond it. */
    private static final float TANH_IS_FLAT = 4;

    /** The logistic function is within 4e-4 of 0 or 1 beyond it. */
    private static final float SIGMOID_IS_FLAT = 8;

    private static final float UNBOUNDED = Float.POSITIVE_INFINITY;

    /** All of a graph, in its order. */
    static List<QuantisableConvolution> of(GraphProto graph) {
        Map<String, List<NodeProto>> readers = new HashMap<>();
        Set<String> made = new HashSet<>();
        for (NodeProto node : graph.getNodeList()) {
            node.getInputList()
                    .forEach(input -> readers.computeIfAbsent(input, i -> new ArrayList<>())
                            .add(node));
            made.addAll(node.getOutputList());
        }
        Set<String> constants = new HashSet<>();
        graph.getInitializerList().stream()
                .filter(tensor -> tensor.getDataType() == TensorProto.DataType.FLOAT.getNumber())
                .forEach(tensor -> constants.add(tensor.getName()));
        List<QuantisableConvolution> found = new ArrayList<>();
        for (NodeProto node : graph.getNodeList()) {
            if (node.getOpType().equals("Conv")
                    && node.getInputCount() == 3
                    && made.contains(node.getInput(0))
                    && constants.contains(node.getInput(1))
                    && constants.contains(node.getInput(2))) {
                found.add(of(node, readers.getOrDefault(node.getOutput(0), List.of())));
            }
        }
        return found;
    }

    private static QuantisableConvolution of(NodeProto node, List<NodeProto> readers) {
        String name = node.getOutput(0);
        String input = node.getInput(0);
        Set<String> operators = new HashSet<>();
        readers.forEach(reader -> operators.add(reader.getOpType()));
        if (operators.equals(Set.of("Relu")) && readers.size() == 1) {
            return new QuantisableConvolution(name, input, readers.getFirst().getOutput(0), 0, UNBOUNDED);
        }
        float flat = operators.equals(Set.of("Tanh"))
                ? TANH_IS_FLAT
                : operators.equals(Set.of("Sigmoid")) ? SIGMOID_IS_FLAT : UNBOUNDED;
        return new QuantisableConvolution(name, input, name, -flat, flat);
    }
}
