/**
 * The networks: images in, the logits of every conditional p(x_i | x_&lt;i) out.
 *
 * <p>A network is written once, against {@link io.surprisal.training.density.Operations}; libtorch runs it for training and
 * {@code onnx} writes it down for serving. Start with {@link io.surprisal.training.density.GatedPixelCnn};
 * {@link io.surprisal.training.density.Families} lists the others.
 */
@NullMarked
package io.surprisal.training.density;

import org.jspecify.annotations.NullMarked;
