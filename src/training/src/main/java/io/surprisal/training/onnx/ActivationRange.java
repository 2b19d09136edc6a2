package io.surprisal.training.onnx;

/**
 * What the values of a tensor were between, over some images, and the uint8 code that covers it: value ≈ scale · (code − zero point).
 *
 * @param low smallest value, finite, at most {@code high}
 * @param high largest value
 */
record ActivationRange(float low, float high) {
    /** Codes of an asymmetric uint8. */
    private static final int STEPS = 255;

    ActivationRange {
        if (!(low <= high && high - low < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("expected a finite range, found " + low + " to " + high);
        }
    }

    /** What is left of it between two bounds; both ends stay inside them. */
    ActivationRange within(float least, float most) {
        return new ActivationRange(Math.clamp(low, least, most), Math.clamp(high, least, most));
    }

    /** Width of a step. The range is widened to have 0 in it: padding is 0 and has to be exact. */
    float scale() {
        float width = Math.max(high, 0) - Math.min(low, 0);
        return width > 0 ? width / STEPS : 1;
    }

    /** The code of 0, 0..255. */
    int zeroPoint() {
        return Math.clamp(Math.round(-Math.min(low, 0) / scale()), 0, STEPS);
    }
}
