package io.surprisal.detector.likelihood;

import io.surprisal.detector.density.Conditionals;

/**
 * The chain rule: ln p(x) = Σ ln p(x_i | x_&lt;i), summed in double, in the order of the dimensions.
 *
 * <p>784 float32 terms of a few nats lose about 1e-4 nats when summed in float, and a sum in the graph would depend on
 * how ONNX Runtime splits it; a double sum loses nothing that matters and is the same on every machine.
 */
public final class ChainRule {

    private ChainRule() {}

    /**
     * The log-likelihood of one image.
     *
     * @param conditionals of a batch
     * @param image which image of it, 0..N−1
     */
    public static LogLikelihood of(Conditionals conditionals, int image) {
        int dimensions = conditionals.dimensions();
        int start = Math.multiplyExact(image, dimensions);
        float[] logProb = conditionals.logProb();
        double nats = 0;
        for (int i = start; i < start + dimensions; i++) {
            nats += logProb[i];
        }
        return new LogLikelihood(nats, dimensions);
    }
}
