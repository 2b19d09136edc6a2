/**
 * Levels to conditional log-probabilities. In: {@code Levels}. Out: {@link io.surprisal.detector.density.Conditionals},
 * a few numbers for each dimension of each image. Start with {@link io.surprisal.detector.density.DensityModel}; the
 * one that holds an ONNX Runtime session is {@link io.surprisal.detector.density.OnnxDensityModel}, and no
 * {@code OrtException} leaves this package.
 */
@NullMarked
package io.surprisal.detector.density;

import org.jspecify.annotations.NullMarked;
