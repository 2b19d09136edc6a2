/**
 * Pixels to the integer levels a density model counts over. In: {@code Pixels} (uint8, HWC). Out:
 * {@link io.surprisal.detector.quantise.Levels} (uint8, NCHW). Start with
 * {@link io.surprisal.detector.quantise.Quantiser}.
 */
@NullMarked
package io.surprisal.detector.quantise;

import org.jspecify.annotations.NullMarked;
