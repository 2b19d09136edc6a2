/**
 * The stream of p-values to an alarm, when images are no longer like those of the calibration. In: one
 * {@link io.surprisal.detector.calibration.PValue} an image. Out: {@link io.surprisal.detector.drift.DriftAlarm}. Start with
 * {@link io.surprisal.detector.drift.DriftDetector}.
 */
@NullMarked
package io.surprisal.detector.drift;

import org.jspecify.annotations.NullMarked;
