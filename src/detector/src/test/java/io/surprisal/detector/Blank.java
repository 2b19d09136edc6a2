package io.surprisal.detector;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;

/** Images of nothing but zeros, for tests that make up what a model says of them. */
public final class Blank {

    private Blank() {}

    /** Grey images of one row. */
    public static Levels images(int count, int dimensions) {
        return images(count, new ImageShape(1, 1, dimensions));
    }

    public static Levels images(int count, ImageShape shape) {
        return Levels.of(shape, 256, count, new byte[count * shape.dimensions()]);
    }
}
