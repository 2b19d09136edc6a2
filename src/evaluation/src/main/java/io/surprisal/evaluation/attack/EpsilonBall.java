package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;

/**
 * What an attack may make of clean images: in each dimension an interval of levels, at most ε from the clean one and inside 0..L−1,
 * and the clean level alone outside the region. The bounds are whole numbers, so rounding never leaves the ball.
 */
final class EpsilonBall {
    private final Levels clean;
    private final float[] centre;
    private final float[] lower;
    private final float[] upper;

    EpsilonBall(Levels clean, int epsilon, Region region) {
        this.clean = clean;
        byte[] data = clean.data();
        this.centre = new float[data.length];
        this.lower = new float[data.length];
        this.upper = new float[data.length];
        for (int i = 0; i < data.length; i++) {
            int level = Byte.toUnsignedInt(data[i]);
            int radius = region.contains(level) ? epsilon : 0;
            centre[i] = level;
            lower[i] = Math.max(0, level - radius);
            upper[i] = Math.min(clean.levels() - 1, level + radius);
        }
    }

    /** The clean levels; a copy. */
    float[] centre() {
        return centre.clone();
    }

    /** Moves each value into its interval, in place. */
    void project(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.clamp(values[i], lower[i], upper[i]);
        }
    }

    /** Whether the value may differ from the clean one. */
    boolean mayChange(int i) {
        return lower[i] < upper[i];
    }

    /** Moves each value to the nearest whole level inside the ball, in place. */
    void round(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.round(Math.clamp(values[i], lower[i], upper[i]));
        }
    }

    /** The nearest whole levels inside the ball: what a file with 8 bits a channel can hold. */
    Levels quantise(float[] values) {
        byte[] data = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            data[i] = (byte) Math.round(Math.clamp(values[i], lower[i], upper[i]));
        }
        return Levels.of(clean.shape(), clean.levels(), clean.count(), data);
    }
}
