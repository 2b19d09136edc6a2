/**
 * A trained network in, the bytes of {@code model.onnx} out.
 *
 * <p>{@link io.surprisal.training.onnx.OnnxGraph} is the context that collects nodes, {@link
 * io.surprisal.training.onnx.OnnxValue} the handle of one tensor in it. Start with {@link
 * io.surprisal.training.onnx.OnnxExport}.
 */
@NullMarked
package io.surprisal.training.onnx;

import org.jspecify.annotations.NullMarked;
