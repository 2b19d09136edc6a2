package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Some images of a larger batch, by their places in it: those an attack still works on. Immutable. */
final class Batch {
    private final int[] places;

    private Batch(int[] places) {
        this.places = places;
    }

    static Batch all(int count) {
        return new Batch(IntStream.range(0, count).toArray());
    }

    int size() {
        return places.length;
    }

    /** Where the i-th of these images is in the larger batch. */
    int place(int i) {
        return places[i];
    }

    /** Those of these images, counted 0..size−1, for which something holds. */
    Batch keep(IntPredicate holds) {
        return new Batch(IntStream.range(0, places.length)
                .filter(holds)
                .map(i -> places[i])
                .toArray());
    }

    /** Their rows of a larger array. */
    float[] gather(float[] values, int size) {
        float[] part = new float[places.length * size];
        for (int i = 0; i < places.length; i++) {
            System.arraycopy(values, places[i] * size, part, i * size, size);
        }
        return part;
    }

    int[] gather(int[] values) {
        return IntStream.of(places).map(i -> values[i]).toArray();
    }

    /** The levels of images as numbers: what a victim takes. */
    static float[] floats(Levels images) {
        float[] values = new float[images.data().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Byte.toUnsignedInt(images.data()[i]);
        }
        return values;
    }

    /** The most probable class of one image. */
    static int argmax(float[] logits, int image, int classes) {
        int best = 0;
        for (int k = 1; k < classes; k++) {
            if (logits[image * classes + k] > logits[image * classes + best]) {
                best = k;
            }
        }
        return best;
    }
}
