package io.surprisal.training.onnx;

import static io.surprisal.training.onnx.OnnxGraph.attribute;

import io.surprisal.detector.onnx.TensorProto;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.density.LogisticMixture;
import java.util.ArrayList;
import java.util.List;

/**
 * From the parameters of a {@link LogisticMixture} to the four outputs of the bundle contract; the formula is explained there.
 *
 * <p>The log-probability and the cdf need the observed level only: K numbers a dimension. The two moments need all L levels, K·L
 * numbers a dimension and most of the memory traffic of such a model, so the cumulative distribution at the L + 1 edges is what is
 * computed of them, channel by channel: a matrix product with two columns gives (edge − m)/s, the sigmoid runs in place, and a
 * product with the weights leaves L + 1 numbers a dimension, whose differences are the probabilities. These are exact to about
 * 6e-8 each, which is plenty for p ln p and useless for ln p in a tail: hence the other way for the log-probability.
 */
final class LogisticMixtureOutputs {
    /** Beyond every edge: the sigmoid is 0 or 1 there, whatever the scale. */
    private static final float FAR = 1e9f;
    /** Far below what a difference of two floats near 1 can resolve; keeps the logarithm finite. */
    private static final float LEAST_PROBABILITY = 1e-12f;

    private final OnnxGraph graph;
    private final ImageShape shape;
    private final LogisticMixture mixture;

    LogisticMixtureOutputs(OnnxGraph graph, ImageShape shape, LogisticMixture mixture) {
        this.graph = graph;
        this.shape = shape;
        this.mixture = mixture;
    }

    /** Whether a level has a lower and an upper edge: 0 or 1, shape (N, C, 1, H, W). */
    private record Edges(OnnxValue lower, OnnxValue upper) {}

    /**
     * Works them out.
     *
     * @param scaled the image, levels scaled to −1..1, shape (N, C, H, W)
     * @param outputs of the network, shape (N, {@link LogisticMixture#outputs}, H, W)
     */
    OnnxConditionals emit(OnnxValue scaled, OnnxValue outputs) {
        OnnxValue x = graph.reshape(scaled, 0, shape.channels(), 1, shape.height(), shape.width());
        OnnxValue means = means(outputs, x);
        OnnxValue logScales = clip(
                part(outputs, 1 + shape.channels(), shape.channels()),
                -LogisticMixture.MAXIMAL_LOG_SCALE,
                LogisticMixture.MAXIMAL_LOG_SCALE);
        OnnxValue inverse = graph.apply("Exp", negative(logScales));
        OnnxValue centred = graph.subtract(x, means);
        float h = mixture.halfStep();
        OnnxValue a = graph.multiply(graph.subtract(centred, constant("h", h)), inverse);
        OnnxValue b = graph.multiply(graph.add(centred, constant("h", h)), inverse);
        Edges edges = edges(x);

        OnnxValue logMass = logMass(a, b, logScales, inverse, edges);
        OnnxValue logWeights = logWeights(outputs, logMass);
        OnnxValue logProb = clip(logSumExp(graph.add(logWeights, logMass)), -Float.MAX_VALUE, 0);
        OnnxValue weights = graph.apply("Exp", logWeights);
        Moments moments = moments(weights, means, inverse);
        return new OnnxConditionals(logProb, moments.entropy, moments.variance, cdf(weights, a, b, edges));
    }

    /** Shape (N, C, K, H, W). */
    private OnnxValue means(OnnxValue outputs, OnnxValue x) {
        int channels = shape.channels();
        OnnxValue means = part(outputs, 1, channels);
        if (channels == 1) {
            return means;
        }
        OnnxValue coefficients = graph.apply("Tanh", part(outputs, 1 + 2 * channels, mixture.pairs()));
        List<OnnxValue> moved = new ArrayList<>();
        moved.add(slice(means, 1, 0, 1));
        int pair = 0;
        for (int c = 1; c < channels; c++) {
            OnnxValue mean = slice(means, 1, c, c + 1);
            for (int d = 0; d < c; d++) {
                OnnxValue coefficient = slice(coefficients, 1, pair, pair + 1);
                mean = graph.add(mean, graph.multiply(coefficient, slice(x, 1, d, d + 1)));
                pair++;
            }
            moved.add(mean);
        }
        return graph.apply("Concat", moved, attribute("axis", 1));
    }

    private Edges edges(OnnxValue x) {
        float h = mixture.halfStep();
        return new Edges(
                number(graph.apply("Greater", List.of(x, constant("lowest", h - 1)))),
                number(graph.apply("Less", List.of(x, constant("highest", 1 - h)))));
    }

    /** ln of the mass each component gives the observed level, shape (N, C, K, H, W). */
    private OnnxValue logMass(OnnxValue a, OnnxValue b, OnnxValue logScales, OnnxValue inverse, Edges edges) {
        OnnxValue below = graph.multiply(graph.apply("Softplus", a), edges.lower);
        OnnxValue above = graph.multiply(graph.apply("Softplus", negative(b)), edges.upper);
        OnnxValue width = graph.multiply(logWidth(logScales, inverse), graph.multiply(edges.lower, edges.upper));
        return graph.subtract(graph.subtract(width, below), above);
    }

    /**
     * ln(1 − e^−d), d = 2h/s. ONNX has no expm1; below 1 the series ln d − d/2 + d²/24 − d⁴/2880 + d⁶/181440 is exact in float32.
     */
    private OnnxValue logWidth(OnnxValue logScales, OnnxValue inverse) {
        float step = 2 * mixture.halfStep();
        OnnxValue d = graph.multiply(inverse, constant("step", step));
        OnnxValue square = graph.multiply(d, d);
        OnnxValue polynomial =
                graph.add(graph.multiply(square, constant("c6", 1f / 181_440)), constant("c4", -1f / 2_880));
        polynomial = graph.add(graph.multiply(square, polynomial), constant("c2", 1f / 24));
        OnnxValue even = graph.multiply(square, polynomial);
        OnnxValue logarithm = graph.subtract(constant("logStep", (float) Math.log(step)), logScales);
        OnnxValue small = graph.add(graph.subtract(logarithm, graph.multiply(d, constant("half", 0.5f))), even);
        OnnxValue large = graph.apply("Log", graph.subtract(constant("one", 1), graph.apply("Exp", negative(d))));
        OnnxValue isSmall = graph.apply("Less", List.of(d, constant("one", 1)));
        return graph.apply("Where", List.of(isSmall, small, large));
    }

    /** ln of the weights of the components at each channel, given the channels before; shape (N, C, K, H, W). */
    private OnnxValue logWeights(OnnxValue outputs, OnnxValue logMass) {
        OnnxValue evidence = part(outputs, 0, 1);
        List<OnnxValue> ofChannels = new ArrayList<>();
        ofChannels.add(evidence);
        for (int c = 1; c < shape.channels(); c++) {
            evidence = graph.add(evidence, slice(logMass, 1, c - 1, c));
            ofChannels.add(evidence);
        }
        OnnxValue all = shape.channels() == 1 ? evidence : graph.apply("Concat", ofChannels, attribute("axis", 1));
        return graph.apply("LogSoftmax", all, attribute("axis", 2));
    }

    /** P(X &lt; x) + ½ P(X = x): the mean of the cumulative distribution at the level's two edges. */
    private OnnxValue cdf(OnnxValue weights, OnnxValue a, OnnxValue b, Edges edges) {
        OnnxValue atLower = graph.multiply(graph.apply("Sigmoid", a), edges.lower);
        OnnxValue noUpper = graph.subtract(constant("one", 1), edges.upper);
        OnnxValue atUpper = graph.add(graph.multiply(graph.apply("Sigmoid", b), edges.upper), noUpper);
        OnnxValue both = graph.sum(graph.multiply(weights, graph.add(atLower, atUpper)), 2);
        return clip(graph.multiply(both, constant("half", 0.5f)), 0, 1);
    }

    /** Of the surprisal, each (N, C, H, W). */
    private record Moments(OnnxValue entropy, OnnxValue variance) {}

    private Moments moments(OnnxValue weights, OnnxValue means, OnnxValue inverse) {
        OnnxValue offsets = negative(graph.multiply(means, inverse));
        OnnxValue edges = edgeMatrix();
        List<OnnxValue> entropies = new ArrayList<>();
        List<OnnxValue> variances = new ArrayList<>();
        for (int c = 0; c < shape.channels(); c++) {
            OnnxValue slope = componentsLast(slice(inverse, 1, c, c + 1));
            OnnxValue offset = componentsLast(slice(offsets, 1, c, c + 1));
            OnnxValue line =
                    graph.apply("Concat", List.of(unsqueeze(slope, -1), unsqueeze(offset, -1)), attribute("axis", -1));
            OnnxValue components = graph.apply("Sigmoid", graph.apply("MatMul", List.of(line, edges)));
            OnnxValue row = unsqueeze(componentsLast(slice(weights, 1, c, c + 1)), 3);
            OnnxValue cumulative = graph.apply("MatMul", List.of(row, components)); // (N, H, W, 1, L + 1)
            OnnxValue mass = graph.subtract(
                    slice(cumulative, 4, 1, mixture.levels() + 1), slice(cumulative, 4, 0, mixture.levels()));
            OnnxValue p = graph.apply("Max", List.of(mass, constant("least", LEAST_PROBABILITY)));
            OnnxValue logP = graph.apply("Log", p);
            OnnxValue pLogP = graph.multiply(p, logP);
            OnnxValue negativeEntropy = graph.sum(pLogP, 4);
            // Var s = E s² − (E s)²; rounding can make it a little less than zero.
            OnnxValue secondMoment = graph.sum(graph.multiply(pLogP, logP), 4);
            OnnxValue variance = graph.subtract(secondMoment, graph.multiply(negativeEntropy, negativeEntropy));
            entropies.add(planes(graph.apply("Relu", negative(negativeEntropy))));
            variances.add(planes(graph.apply("Relu", variance)));
        }
        return new Moments(join(entropies), join(variances));
    }

    /** Rows: the edges of all levels; ones. Times (1/s, −m/s) that is (edge − m)/s. */
    private OnnxValue edgeMatrix() {
        int edges = mixture.levels() + 1;
        float[] values = new float[2 * edges];
        for (int v = 0; v < edges; v++) {
            float edge = (2 * v - 1) * mixture.halfStep() - 1;
            values[v] = v == 0 ? -FAR : v == edges - 1 ? FAR : edge;
            values[edges + v] = 1;
        }
        return graph.constant("edges", values, 2, edges);
    }

    /** (N, 1, K, H, W) to (N, H, W, K). */
    private OnnxValue componentsLast(OnnxValue x) {
        OnnxValue planes = graph.reshape(x, 0, mixture.components(), shape.height(), shape.width());
        return graph.apply("Transpose", planes, attribute("perm", 0L, 2, 3, 1));
    }

    /** (N, H, W, 1, 1) to (N, 1, H, W). */
    private OnnxValue planes(OnnxValue x) {
        return graph.reshape(x, 0, 1, shape.height(), shape.width());
    }

    private OnnxValue join(List<OnnxValue> channels) {
        return channels.size() == 1 ? channels.getFirst() : graph.apply("Concat", channels, attribute("axis", 1));
    }

    /** {@code groups} groups of K outputs, from group {@code first} on; shape (N, groups, K, H, W). */
    private OnnxValue part(OnnxValue outputs, int first, int groups) {
        int k = mixture.components();
        OnnxValue planes = slice(outputs, 1, (long) first * k, (long) (first + groups) * k);
        return graph.reshape(planes, 0, groups, k, shape.height(), shape.width());
    }

    private OnnxValue slice(OnnxValue x, long axis, long from, long to) {
        return graph.apply(
                "Slice",
                List.of(
                        x,
                        graph.constant("starts", new long[] {from}, 1),
                        graph.constant("ends", new long[] {to}, 1),
                        graph.constant("axes", new long[] {axis}, 1)));
    }

    private OnnxValue constant(String name, float value) {
        return graph.constant(name, value);
    }

    private OnnxValue negative(OnnxValue x) {
        return graph.apply("Neg", x);
    }

    private OnnxValue clip(OnnxValue x, float least, float most) {
        return graph.apply("Clip", List.of(x, constant("least", least), constant("most", most)));
    }

    /** A truth value as 0 or 1. */
    private OnnxValue number(OnnxValue truth) {
        return graph.cast(truth, TensorProto.DataType.FLOAT);
    }

    private OnnxValue logSumExp(OnnxValue x) {
        return graph.apply(
                "ReduceLogSumExp", List.of(x, graph.constant("axis", new long[] {2}, 1)), attribute("keepdims", 1));
    }

    private OnnxValue unsqueeze(OnnxValue x, long axis) {
        return graph.apply("Unsqueeze", List.of(x, graph.constant("axis", new long[] {axis}, 1)));
    }
}
