package io.surprisal.detector.statistic;

/**
 * e^−x for x ≥ 0, to 3e-9, several times as fast as {@link Math#exp}: a table of e^−x₀ every 64th, and three terms of the series from there. Entropies are
 * float32, so nothing is lost; a statistic may ask a thousand times an image.
 */
final class Decay {
    private static final int STEPS = 64;
    private static final int MOST = 32; // e^−32 is 1e-14: nothing, beside terms of about 1
    private static final double[] TABLE = new double[MOST * STEPS + 1];

    static {
        for (int i = 0; i < TABLE.length; i++) {
            TABLE[i] = Math.exp(-(double) i / STEPS);
        }
    }

    private Decay() {}

    /** 1 for x below 0, 0 from {@value #MOST} on. */
    static double of(double x) {
        if (!(x > 0)) {
            return 1;
        }
        if (x >= MOST) {
            return 0;
        }
        int place = (int) (x * STEPS);
        double rest = x - (double) place / STEPS;
        return TABLE[place] * (1 - rest * (1 - rest / 2 * (1 - rest / 3)));
    }
}
