/**
 * Data set in, bundle out: the only module that knows libtorch.
 *
 * <p>The packages are the path: {@code data} reads images, {@code density} describes the networks, {@code weights} holds
 * their parameters, {@code fit} trains them, {@code onnx} exports them, {@code bundle} calibrates and writes what the
 * service loads, {@code cli} is what {@code ./surprisal train} and its siblings run. Start with {@link
 * io.surprisal.training.density.GatedPixelCnn} and {@link io.surprisal.training.fit.Trainer}.
 */
@NullMarked
package io.surprisal.training;

import org.jspecify.annotations.NullMarked;
