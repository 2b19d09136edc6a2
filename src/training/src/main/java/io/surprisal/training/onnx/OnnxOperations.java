package io.surprisal.training.onnx;

import static io.surprisal.training.onnx.OnnxGraph.attribute;

import io.surprisal.detector.onnx.AttributeProto;
import io.surprisal.detector.onnx.TensorProto;
import io.surprisal.training.density.ChannelMask;
import io.surprisal.training.density.Convolution;
import io.surprisal.training.density.Convolution.Padding;
import io.surprisal.training.density.DegreeMask;
import io.surprisal.training.density.Linear;
import io.surprisal.training.density.Normalisation;
import io.surprisal.training.density.Operations;
import io.surprisal.training.density.Recurrence;
import io.surprisal.training.weights.ParameterLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes a network down as ONNX nodes. Masks are folded into the weights. A gate's halves become two convolutions: one
 * convolution with a split behind it would leave ONNX Runtime's blocked channel layout and copy every feature map.
 */
final class OnnxOperations implements Operations<OnnxValue> {
    private final OnnxGraph graph;
    private final Map<String, float[]> weights;
    private final Map<String, OnnxValue> constants = new HashMap<>();

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
        OnnxValue size = graph.apply("Slice", List.of(graph.apply("Shape", like), integers(2), integers(4)));
        return graph.apply("Slice", List.of(spread, integers(0, 0), size, integers(2, 3)));
    }

    @Override
    public OnnxValue gate(OnnxValue x, Convolution c) {
        return tanhGated(firstHalf(x, c), secondHalf(x, c));
    }

    @Override
    public OnnxValue gate(OnnxValue x, Convolution c, OnnxValue y, Convolution d) {
        return tanhGated(add(firstHalf(y, d), firstHalf(x, c)), add(secondHalf(y, d), secondHalf(x, c)));
    }

    @Override
    public OnnxValue linearGate(OnnxValue x, Convolution c) {
        return gated(firstHalf(x, c), secondHalf(x, c));
    }

    @Override
    public OnnxValue linearGate(OnnxValue x, Convolution c, OnnxValue y, Convolution d) {
        return gated(add(firstHalf(y, d), firstHalf(x, c)), add(secondHalf(y, d), secondHalf(x, c)));
    }

    @Override
    public OnnxValue gate(OnnxValue x, Convolution c, OnnxValue y, Convolution d, OnnxValue z, Convolution e) {
        return tanhGated(
                add(firstHalf(z, e), add(firstHalf(y, d), firstHalf(x, c))),
                add(secondHalf(z, e), add(secondHalf(y, d), secondHalf(x, c))));
    }

    private OnnxValue tanhGated(OnnxValue a, OnnxValue b) {
        return gated(graph.apply("Tanh", a), b);
    }

    private OnnxValue gated(OnnxValue a, OnnxValue b) {
        return multiply(a, sigmoid(b));
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
        String part = "[" + from + ".." + to + "]";
        OnnxValue weight = once(
                c.weight() + part,
                () -> graph.constant(
                        c.weight(),
                        Arrays.copyOfRange(folded(c), from * perOutput, to * perOutput),
                        to - from,
                        c.in() / c.groups(),
                        c.height(),
                        c.width()));
        OnnxValue bias = once(
                c.bias() + part,
                () -> graph.constant(c.bias(), Arrays.copyOfRange(values(c.bias()), from, to), to - from));
        Padding padding = c.padding();
        List<AttributeProto> attributes = new ArrayList<>(List.of(
                attribute("kernel_shape", c.height(), c.width()),
                attribute("pads", padding.top(), padding.left(), 0, padding.right()),
                attribute("dilations", 1, c.dilation()),
                attribute("group", c.groups())));
        attributes.addAll(List.of(more));
        return graph.apply("Conv", List.of(x, weight, bias), attributes.toArray(AttributeProto[]::new));
    }

    private float[] folded(Convolution c) {
        float[] weight = values(c.weight());
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

    private float[] values(String name) {
        float[] values = weights.get(name);
        if (values == null) {
            throw new IllegalArgumentException("no parameter is named " + name);
        }
        return values;
    }

    /** A constant that is written into the file once, however often the network uses it. */
    private OnnxValue once(String key, Supplier<OnnxValue> constant) {
        OnnxValue known = constants.get(key);
        if (known == null) {
            known = constant.get();
            constants.put(key, known);
        }
        return known;
    }

    private OnnxValue integers(long... values) {
        return once("integers" + Arrays.toString(values), () -> graph.constant("integers", values, values.length));
    }

    @Override
    public OnnxValue add(OnnxValue x, OnnxValue y) {
        return graph.add(x, y);
    }

    @Override
    public OnnxValue relu(OnnxValue x) {
        return graph.apply("Relu", x);
    }

    @Override
    public OnnxValue dropLastRow(OnnxValue x) {
        return slice(x, 2, 0, -1);
    }

    @Override
    public OnnxValue dropLastColumn(OnnxValue x) {
        return slice(x, 3, 0, -1);
    }

    @Override
    public OnnxValue multiply(OnnxValue x, OnnxValue y) {
        return graph.multiply(x, y);
    }

    @Override
    public OnnxValue sigmoid(OnnxValue x) {
        return graph.apply("Sigmoid", x);
    }

    @Override
    public OnnxValue tanh(OnnxValue x) {
        return graph.apply("Tanh", x);
    }

    @Override
    public OnnxValue linear(OnnxValue x, Linear layer) {
        OnnxValue weight =
                once(layer.weight(), () -> graph.constant(layer.weight(), transposed(layer), layer.in(), layer.out()));
        return add(graph.apply("MatMul", List.of(x, weight)), vector(layer.bias()));
    }

    private OnnxValue vector(String name) {
        float[] values = values(name);
        return once(name, () -> graph.constant(name, values, values.length));
    }

    /** The weight with its mask folded in, shape (in, out). */
    private float[] transposed(Linear layer) {
        float[] weight = values(layer.weight());
        DegreeMask mask = layer.mask();
        float[] transposed = new float[weight.length];
        for (int o = 0; o < layer.out(); o++) {
            for (int i = 0; i < layer.in(); i++) {
                boolean seen = mask == null || mask.sees(o, i);
                transposed[i * layer.out() + o] = seen ? weight[o * layer.in() + i] : 0;
            }
        }
        return transposed;
    }

    @Override
    public OnnxValue parameter(String name, long... shape) {
        long[] whole = new long[shape.length + 1];
        whole[0] = 1;
        System.arraycopy(shape, 0, whole, 1, shape.length);
        return once(name, () -> graph.constant(name, values(name), whole));
    }

    @Override
    public OnnxValue constant(float value) {
        return once("constant " + value, () -> graph.constant("constant", value));
    }

    @Override
    public OnnxValue constants(float[] values, long... shape) {
        return graph.constant("constants", values, shape);
    }

    @Override
    public OnnxValue normalise(OnnxValue x, Normalisation layer) {
        return graph.apply(
                "LayerNormalization",
                List.of(x, vector(layer.gain()), vector(layer.bias())),
                attribute("axis", -1),
                attribute("epsilon", Normalisation.EPSILON));
    }

    @Override
    public OnnxValue attend(OnnxValue query, OnnxValue key, OnnxValue value, long steps, long width) {
        OnnxValue scale = constant((float) (1 / Math.sqrt(width)));
        OnnxValue products = graph.apply("MatMul", List.of(multiply(query, scale), permute(key, 0, 1, 3, 2)));
        OnnxValue weights = graph.apply("Softmax", add(products, future(steps)), attribute("axis", -1));
        return graph.apply("MatMul", List.of(weights, value));
    }

    /**
     * 0 where a step may look, and above the diagonal a number that the softmax makes exactly 0 of. Made by two nodes, which ONNX
     * Runtime folds when it loads the model: as a constant it would be most of the file.
     */
    private OnnxValue future(long steps) {
        return once("future" + steps, () -> {
            OnnxValue hidden = graph.apply("ConstantOfShape", integers(steps, steps), OnnxGraph.filling(-1e9f));
            OnnxValue one = graph.constant("above", new long[] {1});
            return graph.apply("Trilu", List.of(hidden, one), attribute("upper", 1));
        });
    }

    @Override
    public OnnxValue recur(OnnxValue x, Recurrence layer) {
        // ONNX counts (T, N, width), has a leading axis for directions, and joins the two biases.
        OnnxValue sequence = permute(x, 1, 0, 2);
        int h = layer.hidden();
        int rows = layer.cell().gates() * h;
        OnnxValue input = graph.constant(layer.input(), reordered(layer, layer.input()), 1, rows, layer.in());
        OnnxValue state = graph.constant(layer.state(), reordered(layer, layer.state()), 1, rows, h);
        float[] biases = Arrays.copyOf(reordered(layer, layer.inputBias()), 2 * rows);
        System.arraycopy(reordered(layer, layer.stateBias()), 0, biases, rows, rows);
        OnnxValue bias = graph.constant(layer.inputBias(), biases, 1, 2L * rows);
        List<OnnxValue> inputs = List.of(sequence, input, state, bias);
        OnnxValue states = switch (layer.cell()) {
            case TANH -> graph.apply("RNN", inputs, attribute("hidden_size", h));
            case GRU -> graph.apply("GRU", inputs, attribute("hidden_size", h), attribute("linear_before_reset", 1));
        };
        return graph.apply(
                "Squeeze", List.of(graph.apply("Transpose", states, attribute("perm", 2L, 0, 1, 3)), integers(2)));
    }

    /** libtorch's gates are reset, update, new; those of ONNX update, reset, new. */
    private float[] reordered(Recurrence layer, String name) {
        float[] weight = values(name);
        if (layer.cell() != Recurrence.Cell.GRU) {
            return weight;
        }
        int gate = weight.length / 3;
        float[] reordered = weight.clone();
        System.arraycopy(weight, gate, reordered, 0, gate);
        System.arraycopy(weight, 0, reordered, gate, gate);
        return reordered;
    }

    @Override
    public OnnxValue shift(OnnxValue x) {
        OnnxValue padded = graph.apply("Pad", List.of(x, integers(0, 1, 0, 0, 0, 0)));
        return slice(padded, 1, 0, -1);
    }

    @Override
    public OnnxValue reshape(OnnxValue x, long... shape) {
        long[] whole = new long[shape.length + 1]; // 0 copies N
        System.arraycopy(shape, 0, whole, 1, shape.length);
        return graph.apply("Reshape", List.of(x, integers(whole)));
    }

    @Override
    public OnnxValue permute(OnnxValue x, long... axes) {
        return graph.apply("Transpose", x, attribute("perm", axes));
    }

    @Override
    public OnnxValue slice(OnnxValue x, int axis, long from, long to) {
        return graph.apply("Slice", List.of(x, integers(from), integers(to), integers(axis)));
    }

    @Override
    public OnnxValue concatenate(List<OnnxValue> parts, int axis) {
        return graph.apply("Concat", parts, attribute("axis", axis));
    }

    @Override
    public OnnxValue logSoftmax(OnnxValue x) {
        return graph.apply("LogSoftmax", x, attribute("axis", -1));
    }

    @Override
    public OnnxValue logSumExp(OnnxValue x) {
        return graph.apply("ReduceLogSumExp", List.of(x, integers(-1)), attribute("keepdims", 0));
    }

    @Override
    public OnnxValue sumBefore(OnnxValue x) {
        OnnxValue last = once("last axis", () -> graph.constant("axis", new long[] {-1}));
        OnnxValue sum = graph.apply(
                "CumSum", List.of(graph.cast(x, TensorProto.DataType.DOUBLE), last), attribute("exclusive", 1));
        return graph.cast(sum, TensorProto.DataType.FLOAT);
    }

    @Override
    public OnnxValue atLevel(OnnxValue x, OnnxValue scaled, int levels) {
        OnnxValue level = graph.apply("Round", multiply(add(scaled, constant(1)), constant((levels - 1) / 2f)));
        OnnxValue index = graph.cast(level, TensorProto.DataType.INT64);
        OnnxValue one = graph.apply("GatherElements", List.of(x, unsqueezed(index)), attribute("axis", -1));
        return graph.apply("Squeeze", List.of(one, integers(-1)));
    }

    private OnnxValue unsqueezed(OnnxValue x) {
        return graph.apply("Unsqueeze", List.of(x, integers(-1)));
    }
}
