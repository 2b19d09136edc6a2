/**
 * What clean images score, and so what a score means. In: a density model and held-out clean images, or
 * {@code calibration.json}. Out: {@link io.surprisal.detector.calibration.PValue}. Start with
 * {@link io.surprisal.detector.calibration.Calibration}.
 */
@NullMarked
package io.surprisal.detector.calibration;

import org.jspecify.annotations.NullMarked;
