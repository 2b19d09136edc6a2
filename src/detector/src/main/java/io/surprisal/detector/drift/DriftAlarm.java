package io.surprisal.detector.drift;

/**
 * Images are no longer like those of the calibration.
 *
 * @param kind of the change
 * @param images seen since the last alarm, or since the start
 */
public record DriftAlarm(Kind kind, long images) {

    /** What the p-values do that those of clean images would not. */
    public enum Kind {
        /** They are small on average: images are more suspicious throughout. */
        MORE_SUSPICIOUS,
        /** They are large on average: images are more ordinary than those of the calibration, which should then be renewed. */
        LESS_SUSPICIOUS,
        /** Too many are very small: some images are of another kind. */
        MORE_EXTREMES
    }
}
