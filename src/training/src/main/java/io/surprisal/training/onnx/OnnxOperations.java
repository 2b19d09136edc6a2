package io.surprisal.training.onnx;

import static io.surprisal.training.onnx.OnnxGraph.attribute;

import io.surprisal.detector.onnx.AttributeProto;
import io.surprisal.training.density.ChannelMask;
import io.surprisal.training.density.Convolution;
import io.surprisal.training.density.Convolution.Padding;
import io.surprisal.training.density.Operations;
import io.surprisal.training.weights.ParameterLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a network down as ONNX nodes. Masks are folded into the weights. A gate's halves become two convolutions: one
 * convolution with a split behind it would leave ONNX Runtime's blocked channel layout and copy every feature map.
 */
final class OnnxOperations implements Operations<OnnxValue> {
    private final OnnxGraph graph;
    private final Map<String, float[]> weights;

    /** @param flat all parameters in the order of {@code layout} */
    OnnxOperations(OnnxGraph graph, ParameterLayout layout, float[] flat) {
        this.graph = graph;
        this.weights = new HashMap<>();
        int at = 0;
        for (ParameterLayout.Entry entry : layout.entries()) {
            weights.put(entry.name(), Arrays.copyOfRange(flat, at, at + entry.size()));
            at += entry.size();
        }
    }

    @Override
    public OnnxValue convolve(OnnxValue x, Convolution c) {
        return convolve(x, c, 0, c.out());
    }

    @Override
    public OnnxValue halve(OnnxValue x, Convolution c) {
        return convolve(x, c, 0, c.out(), attribute("strides", 2L, 2));
    }

    @Override
    public OnnxValue enlarge(OnnxValue x, Convolution c, OnnxValue like) {
        OnnxValue spread =
                graph.apply("DepthToSpace", convolve(x, c), attribute("blocksize", 2), attribute("mode", "CRD"));
        OnnxValue size = graph.apply(
                "Slice",
                List.of(
                        graph.apply("Shape", like),
                        graph.constant("starts", new long[] {2}, 1),
                        graph.constant("ends", new long[] {4}, 1)));
        return graph.apply(
                "Slice",
                List.of(
                        spread,
                        graph.constant("starts", new long[] {0, 0}, 2),
                        size,
                        graph.constant("axes", new long[] {2, 3}, 2)));
    }

    @Override
    public OnnxValue gate(OnnxValue x, Convolution c) {
        return gated(graph.apply("Tanh", firstHalf(x, c)), secondHalf(x, c));
    }

    @Override
    public OnnxValue gate(OnnxValue x, Convolution c, OnnxValue y, Convolution d) {
        OnnxValue a = add(firstHalf(y, d), firstHalf(x, c));
        return gated(graph.apply("Tanh", a), add(secondHalf(y, d), secondHalf(x, c)));
    }

    @Override
    public OnnxValue linearGate(OnnxValue x, Convolution c) {
        return gated(firstHalf(x, c), secondHalf(x, c));
    }

    @Override
    public OnnxValue linearGate(OnnxValue x, Convolution c, OnnxValue y, Convolution d) {
        return gated(add(firstHalf(y, d), firstHalf(x, c)), add(secondHalf(y, d), secondHalf(x, c)));
    }

    private OnnxValue gated(OnnxValue a, OnnxValue b) {
        return graph.apply("Mul", List.of(a, graph.apply("Sigmoid", b)));
    }

    private OnnxValue firstHalf(OnnxValue x, Convolution c) {
        return convolve(x, c, 0, c.out() / 2);
    }

    private OnnxValue secondHalf(OnnxValue x, Convolution c) {
        return convolve(x, c, c.out() / 2, c.out());
    }

    /** Output channels {@code from} (inclusive) to {@code to} (exclusive) of a convolution. */
    private OnnxValue convolve(OnnxValue x, Convolution c, int from, int to, AttributeProto... more) {
        int perOutput = c.in() / c.groups() * c.height() * c.width();
        float[] weight = Arrays.copyOfRange(folded(c), from * perOutput, to * perOutput);
        float[] bias = Arrays.copyOfRange(parameter(c.bias()), from, to);
        Padding padding = c.padding();
        List<AttributeProto> attributes = new ArrayList<>(List.of(
                attribute("kernel_shape", c.height(), c.width()),
                attribute("pads", padding.top(), padding.left(), 0, padding.right()),
                attribute("dilations", 1, c.dilation()),
                attribute("group", c.groups())));
        attributes.addAll(List.of(more));
        return graph.apply(
                "Conv",
                List.of(
                        x,
                        graph.constant(c.weight(), weight, to - from, c.in() / c.groups(), c.height(), c.width()),
                        graph.constant(c.bias(), bias, to - from)),
                attributes.toArray(AttributeProto[]::new));
    }

    private float[] folded(Convolution c) {
        float[] weight = parameter(c.weight());
        ChannelMask channels = c.mask();
        if (channels == null) {
            return weight;
        }
        float[] mask = channels.values(c.out(), c.in() / c.groups(), c.height(), c.width());
        float[] product = new float[weight.length];
        for (int i = 0; i < product.length; i++) {
            product[i] = weight[i] * mask[i];
        }
        return product;
    }

    private float[] parameter(String name) {
        float[] values = weights.get(name);
        if (values == null) {
            throw new IllegalArgumentException("no parameter is named " + name);
        }
        return values;
    }

    @Override
    public OnnxValue add(OnnxValue x, OnnxValue y) {
        return graph.apply("Add", List.of(x, y));
    }

    @Override
    public OnnxValue relu(OnnxValue x) {
        return graph.apply("Relu", x);
    }

    @Override
    public OnnxValue dropLastRow(OnnxValue x) {
        return dropLast(x, 2);
    }

    @Override
    public OnnxValue dropLastColumn(OnnxValue x) {
        return dropLast(x, 3);
    }

    private OnnxValue dropLast(OnnxValue x, long axis) {
        return graph.apply(
                "Slice",
                List.of(
                        x,
                        graph.constant("starts", new long[] {0}, 1),
                        graph.constant("ends", new long[] {-1}, 1),
                        graph.constant("axes", new long[] {axis}, 1)));
    }
}
