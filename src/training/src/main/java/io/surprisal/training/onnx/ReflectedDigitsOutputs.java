package io.surprisal.training.onnx;

import static io.surprisal.training.onnx.OnnxGraph.attribute;

import io.surprisal.detector.onnx.TensorProto;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.density.ReflectedDigits;
import java.util.ArrayList;
import java.util.List;

/**
 * From the logits of {@link ReflectedDigits} to the four outputs of the bundle contract, for models where these are most of the work: few
 * nodes, and few of them over all logits. Both digits of a dimension go through the graph as one tensor (N, 2C, K, H·W) of logits z, K the
 * values of a digit, with the pixels along the contiguous axis, as convolutions leave them. Beside the largest logit, with S = Σ e^z,
 *
 * <ul>
 *   <li>ln p = z − ln S,
 *   <li>H = ln S − Σ z e^z / S,
 *   <li>V = Σ z² e^z / S − (Σ z e^z / S)²: a constant, ln S, does not change a variance.
 * </ul>
 *
 * So there are no logarithms of K values, and no probabilities of them. Where the digits have unequal numbers of values, the shorter one
 * is filled up with values that are impossible.
 */
final class ReflectedDigitsOutputs {
    /** Below every logit that has any weight. */
    private static final float IMPOSSIBLE = -1e9f;
    /** Its exponential, 2e-35, is nothing beside 1, also times the square of {@link #IMPOSSIBLE}. */
    private static final float LEAST_LOGIT = -80;

    private final OnnxGraph graph;
    private final ImageShape shape;
    private final ReflectedDigits digits;
    private final int channels;
    private final long pixels;
    private final int values;

    ReflectedDigitsOutputs(OnnxGraph graph, ImageShape shape, ReflectedDigits digits) {
        this.graph = graph;
        this.shape = shape;
        this.digits = digits;
        this.channels = shape.channels();
        this.pixels = (long) shape.height() * shape.width();
        this.values = digits.low();
    }

    /**
     * Works them out.
     *
     * @param levelsAsFloat the image's raw levels, shape (N, C, H, W)
     * @param outputs of the network, shape (N, {@link ReflectedDigits#outputs}, H, W)
     */
    OnnxConditionals emit(OnnxValue levelsAsFloat, OnnxValue outputs) {
        OnnxValue logits = bothDigits(outputs);
        OnnxValue largest = graph.apply(
                "ReduceMax", List.of(logits, graph.constant("axis", new long[] {2}, 1)), attribute("keepdims", 1));
        OnnxValue z = graph.subtract(logits, largest);
        // Below this e^z and what is made of it would be subnormal, and images of noise would take half as long again.
        OnnxValue e = graph.apply("Exp", graph.apply("Clip", List.of(z, graph.constant("least", LEAST_LOGIT))));
        OnnxValue ze = graph.multiply(z, e);
        OnnxValue zze = graph.multiply(z, ze);
        OnnxValue upTo = graph.apply("MatMul", List.of(triangle(), e));
        OnnxValue total = at(upTo, 2, values - 1); // (N, 2C, HW)

        OnnxValue logTotal = graph.apply("Log", total);
        OnnxValue mean = graph.apply("Div", List.of(sum(ze), total));
        OnnxValue square = graph.apply("Div", List.of(sum(zze), total));
        // Rounding can make it a little less than zero.
        OnnxValue variance = graph.apply("Relu", graph.subtract(square, graph.multiply(mean, mean)));

        OnnxValue level = graph.cast(perPixel(levelsAsFloat, channels), TensorProto.DataType.INT64);
        OnnxValue digit = digitsOf(level);
        OnnxValue observed = observed(z, digit);
        OnnxValue p = graph.apply("Div", List.of(graph.apply("Exp", observed), total));
        OnnxValue half = graph.multiply(p, graph.constant("half", 0.5f));
        OnnxValue below = graph.subtract(graph.apply("Div", List.of(observed(upTo, digit), total)), half);
        return new OnnxConditionals(
                ofBoth(graph.subtract(observed, logTotal)),
                ofBoth(graph.subtract(logTotal, mean)),
                ofBoth(variance),
                cdf(perDimension(below), perDimension(p), level));
    }

    /** (N, C·(a+b), H, W) to (N, 2C, K, HW). */
    private OnnxValue bothDigits(OnnxValue outputs) {
        int a = digits.high();
        int b = digits.low();
        if (a == b) {
            return graph.reshape(outputs, 0, 2L * channels, values, pixels);
        }
        OnnxValue byChannel = graph.reshape(outputs, 0, channels, (long) a + b, pixels);
        OnnxValue filled = graph.apply(
                "Pad",
                List.of(
                        slice(byChannel, 0, a),
                        graph.constant("pads", new long[] {0, 0, 0, 0, 0, 0, (long) values - a, 0}, 8),
                        graph.constant("impossible", IMPOSSIBLE)));
        OnnxValue both = graph.apply("Concat", List.of(filled, slice(byChannel, a, a + b)), attribute("axis", 2));
        return graph.reshape(both, 0, 2L * channels, values, pixels);
    }

    private OnnxValue slice(OnnxValue x, long from, long to) {
        return graph.apply(
                "Slice",
                List.of(
                        x,
                        graph.constant("starts", new long[] {from}, 1),
                        graph.constant("ends", new long[] {to}, 1),
                        graph.constant("axes", new long[] {2}, 1)));
    }

    /** Row k has ones up to k: times e^z, the mass of the values up to each one. */
    private OnnxValue triangle() {
        float[] ones = new float[values * values];
        for (int k = 0; k < values; k++) {
            for (int j = 0; j <= k; j++) {
                ones[k * values + j] = 1;
            }
        }
        return graph.constant("upTo", ones, values, values);
    }

    /** Both digits of each level, shape (N, 2C, 1, HW), from (N, C, HW). */
    private OnnxValue digitsOf(OnnxValue level) {
        int[] high = digits.highDigits();
        int[] low = digits.lowDigits();
        OnnxValue ofHigh = lookUp("high", high, level);
        OnnxValue ofLow = lookUp("low", low, level);
        List<OnnxValue> both = new ArrayList<>();
        for (OnnxValue one : List.of(ofHigh, ofLow)) {
            both.add(graph.reshape(one, 0, channels, 1, pixels));
        }
        OnnxValue pairs = graph.apply("Concat", both, attribute("axis", 2));
        return graph.reshape(pairs, 0, 2L * channels, 1, pixels);
    }

    private OnnxValue lookUp(String name, int[] table, OnnxValue level) {
        long[] wide = new long[table.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = table[i];
        }
        return graph.apply("Gather", List.of(graph.constant(name, wide, wide.length), level));
    }

    /** What {@code x}, (N, 2C, K, HW), holds at the digits that are there, (N, 2C, HW). */
    private OnnxValue observed(OnnxValue x, OnnxValue digit) {
        OnnxValue one = graph.apply("GatherElements", List.of(x, digit), attribute("axis", 2));
        return perPixel(one, 2 * channels);
    }

    /**
     * P(X &lt; x) + ½ P(X = x) = P(H &lt; h) + p(h) (P(L &lt; l) + ½ p(l)), where the low digit counts backwards under an odd high one.
     *
     * @param below P(D &lt; d) + ½ P(D = d) of both digits as they are coded, (N, C, 2, HW)
     * @param p of both digits
     */
    private OnnxValue cdf(OnnxValue below, OnnxValue p, OnnxValue level) {
        float[] signs = new float[digits.levels()];
        int[] high = digits.highDigits();
        for (int i = 0; i < signs.length; i++) {
            signs[i] = high[i] % 2 == 0 ? 1 : -1;
        }
        OnnxValue sign = graph.apply("Gather", List.of(graph.constant("sign", signs, signs.length), level));
        // Beside the middle of the high digit: P(H < h) + ½ p(h) ± p(h) (P(L' < l') + ½ p(l') − ½).
        OnnxValue off = graph.subtract(at(below, 2, 1), graph.constant("half", 0.5f));
        OnnxValue within = graph.multiply(graph.multiply(at(p, 2, 0), sign), off);
        OnnxValue cdf = graph.add(at(below, 2, 0), within);
        return graph.apply("Clip", List.of(cdf, graph.constant("least", 0f), graph.constant("most", 1f)));
    }

    /** Over the values of a digit: (N, 2C, K, HW) to (N, 2C, HW). */
    private OnnxValue sum(OnnxValue x) {
        return graph.apply(
                "ReduceSum", List.of(x, graph.constant("axis", new long[] {2}, 1)), attribute("keepdims", 0));
    }

    /** The sum of both digits: (N, 2C, HW) to (N, C, 1, HW). */
    private OnnxValue ofBoth(OnnxValue x) {
        return graph.sum(perDimension(x), 2);
    }

    private OnnxValue perDimension(OnnxValue x) {
        return graph.reshape(x, 0, channels, 2, pixels);
    }

    private OnnxValue perPixel(OnnxValue x, int maps) {
        return graph.reshape(x, 0, maps, pixels);
    }

    /** One place of an axis, which goes. */
    private OnnxValue at(OnnxValue x, int axis, long place) {
        return graph.apply("Gather", List.of(x, graph.constant("place", new long[] {place})), attribute("axis", axis));
    }
}
