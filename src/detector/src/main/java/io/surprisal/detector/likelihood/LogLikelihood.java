package io.surprisal.detector.likelihood;

/**
 * ln p(x) of one image.
 *
 * @param nats natural logarithm of the probability, −∞ up to 0 (and a little above: float32 conditionals round); never
 *     NaN
 * @param dimensions D, at least 1
 */
public record LogLikelihood(double nats, int dimensions) {

    /** @throws IllegalArgumentException when no probability has this logarithm; NaN always */
    public LogLikelihood {
        if (dimensions < 1) {
            throw new IllegalArgumentException("expected at least 1 dimension, found " + dimensions);
        }
        if (!(nats <= 1e-3 * dimensions)) {
            throw new IllegalArgumentException("expected a log-likelihood of at most 0 nats, found " + nats);
        }
    }

    /** The surprisal −log2 p(x) / D. The only place where nats become bits. */
    public double bitsPerDimension() {
        return 0.0 - nats / (dimensions * Math.log(2));
    }
}
