package io.surprisal.training.onnx;

import static io.surprisal.training.onnx.OnnxGraph.attribute;

import io.surprisal.detector.onnx.TensorProto;
import io.surprisal.detector.quantise.ImageShape;
import java.util.List;

/**
 * From logits to the four outputs of the bundle contract. The L logits of a dimension are brought together along the last axis
 * first: log-softmax over contiguous values is what ONNX Runtime is fast at.
 */
final class CategoricalOutputs {
    private final OnnxGraph graph;
    private final ImageShape shape;
    private final int levels;

    CategoricalOutputs(OnnxGraph graph, ImageShape shape, int levels) {
        this.graph = graph;
        this.shape = shape;
        this.levels = levels;
    }

    /**
     * Works them out.
     *
     * @param levelsAsFloat the image's raw levels, shape (N, C, H, W)
     * @param logits shape (N, C·L, H, W)
     */
    OnnxConditionals emit(OnnxValue levelsAsFloat, OnnxValue logits) {
        OnnxValue logP = graph.apply("LogSoftmax", byDimension(logits), attribute("axis", -1));
        OnnxValue p = graph.apply("Exp", logP);
        OnnxValue observed = observedLevel(levelsAsFloat);

        OnnxValue index = graph.cast(observed, TensorProto.DataType.INT64);
        OnnxValue logProb = graph.apply("GatherElements", List.of(logP, index), attribute("axis", -1));

        OnnxValue pLogP = graph.multiply(p, logP);
        OnnxValue negativeEntropy = graph.sum(pLogP, -1);

        // Var s = E s² − (E s)²; rounding can make it a little less than zero.
        OnnxValue secondMoment = graph.sum(graph.multiply(pLogP, logP), -1);
        OnnxValue variance = graph.subtract(secondMoment, graph.multiply(negativeEntropy, negativeEntropy));
        OnnxValue cdf = graph.sum(graph.multiply(p, belowObserved(observed)), -1);
        return new OnnxConditionals(
                ordered(logProb),
                ordered(graph.apply("Neg", negativeEntropy)),
                ordered(graph.apply("Relu", variance)),
                ordered(cdf));
    }

    /** (N, C·L, H, W) to (N, H, W, C, L). */
    private OnnxValue byDimension(OnnxValue logits) {
        OnnxValue last = graph.apply("Transpose", logits, attribute("perm", 0L, 2, 3, 1));
        return graph.reshape(last, 0, shape.height(), shape.width(), shape.channels(), levels);
    }

    /** (N, C, H, W) to (N, H, W, C, 1). */
    private OnnxValue observedLevel(OnnxValue image) {
        OnnxValue last = graph.apply("Transpose", image, attribute("perm", 0L, 2, 3, 1));
        return graph.reshape(last, 0, shape.height(), shape.width(), shape.channels(), 1);
    }

    /** Weight of level k for the value x: 1 where k &lt; x, ½ where k = x, else 0, written as clip(x + ½ − k, 0, 1). */
    private OnnxValue belowObserved(OnnxValue observed) {
        float[] shifted = new float[levels];
        for (int k = 0; k < levels; k++) {
            shifted[k] = k - 0.5f;
        }
        OnnxValue difference = graph.subtract(observed, graph.constant("levels", shifted, levels));
        return graph.apply("Clip", List.of(difference, graph.constant("zero", 0f), graph.constant("one", 1f)));
    }

    /** From (N, H, W, C, 1) to (N, C, H, W). */
    private OnnxValue ordered(OnnxValue value) {
        OnnxValue perDimension = graph.reshape(value, 0, shape.height(), shape.width(), shape.channels());
        return graph.apply("Transpose", perDimension, attribute("perm", 0L, 3, 1, 2));
    }
}
