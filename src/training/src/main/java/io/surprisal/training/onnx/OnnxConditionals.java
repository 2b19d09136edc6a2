package io.surprisal.training.onnx;

/**
 * What a distribution leaves of a dimension, each in a shape that reads (N, C, H, W) in order.
 *
 * @param logProb ln p(x_i | x_&lt;i)
 * @param entropy H_i, nats
 * @param surprisalVariance nats²
 * @param cdf P(X_i &lt; x_i) + ½ P(X_i = x_i)
 */
record OnnxConditionals(OnnxValue logProb, OnnxValue entropy, OnnxValue surprisalVariance, OnnxValue cdf) {}
