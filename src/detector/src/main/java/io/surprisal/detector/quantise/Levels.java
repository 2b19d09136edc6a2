package io.surprisal.detector.quantise;

import java.util.Arrays;
import java.util.List;

/**
 * A batch of images as the integer levels a density model counts over: uint8, [N, C, H, W], each in 0..L−1.
 *
 * <p>At least one image. Immutable as long as nobody writes into {@link #data()}; safe to share between threads then.
 */
public final class Levels {

    private final ImageShape shape;
    private final int levels;
    private final int count;
    private final byte[] data;

    private Levels(ImageShape shape, int levels, int count, byte[] data) {
        this.shape = shape;
        this.levels = levels;
        this.count = count;
        this.data = data;
    }

    /**
     * Copies and checks a batch.
     *
     * @param shape the shape of every image
     * @param levels L, the number of levels a dimension can take, 2..256
     * @param count N, at least 1
     * @param data N·C·H·W unsigned bytes, NCHW
     * @throws IllegalArgumentException when the length is not N·C·H·W or a value is L or more
     */
    public static Levels of(ImageShape shape, int levels, int count, byte[] data) {
        if (levels < 2 || levels > 256) {
            throw new IllegalArgumentException("expected 2 to 256 levels, found " + levels);
        }
        if (count < 1) {
            throw new IllegalArgumentException("expected at least 1 image, found " + count);
        }
        int expected = Math.multiplyExact(count, shape.dimensions());
        if (data.length != expected) {
            throw new IllegalArgumentException(
                    "expected " + expected + " bytes for " + count + " images of " + shape + ", found " + data.length);
        }
        for (byte value : data) {
            if (Byte.toUnsignedInt(value) >= levels) {
                throw new IllegalArgumentException(
                        "expected levels below " + levels + ", found " + Byte.toUnsignedInt(value));
            }
        }
        return new Levels(shape, levels, count, data.clone());
    }

    /** Joins batches in order; all must have one shape and one number of levels. */
    public static Levels concat(List<Levels> batches) {
        if (batches.isEmpty()) {
            throw new IllegalArgumentException("expected at least 1 batch, found none");
        }
        Levels first = batches.getFirst();
        int count = 0;
        for (Levels batch : batches) {
            if (!batch.shape.equals(first.shape) || batch.levels != first.levels) {
                throw new IllegalArgumentException(
                        "expected every batch to hold " + first.describe() + ", found one of " + batch.describe());
            }
            count = Math.addExact(count, batch.count);
        }
        byte[] data = new byte[Math.multiplyExact(count, first.shape.dimensions())];
        int at = 0;
        for (Levels batch : batches) {
            System.arraycopy(batch.data, 0, data, at, batch.data.length);
            at += batch.data.length;
        }
        return new Levels(first.shape, first.levels, count, data);
    }

    /** The images {@code from} (inclusive) to {@code to} (exclusive) of this batch; at least one. */
    public Levels slice(int from, int to) {
        if (from < 0 || to > count || from >= to) {
            throw new IllegalArgumentException(
                    "expected 0 <= from < to <= " + count + ", found from " + from + " to " + to);
        }
        int dimensions = shape.dimensions();
        return new Levels(shape, levels, to - from, Arrays.copyOfRange(data, from * dimensions, to * dimensions));
    }

    /** The images at these places of this batch, at least one, in the order of the places. */
    public Levels pick(int[] places) {
        if (places.length == 0) {
            throw new IllegalArgumentException("expected at least 1 image to pick, found none");
        }
        int dimensions = shape.dimensions();
        byte[] picked = new byte[Math.multiplyExact(places.length, dimensions)];
        for (int i = 0; i < places.length; i++) {
            System.arraycopy(data, places[i] * dimensions, picked, i * dimensions, dimensions);
        }
        return new Levels(shape, levels, places.length, picked);
    }

    public ImageShape shape() {
        return shape;
    }

    /** L: a dimension takes the values 0..L−1. */
    public int levels() {
        return levels;
    }

    /** N, the number of images. */
    public int count() {
        return count;
    }

    /** N·C·H·W unsigned bytes, NCHW: the array itself, not a copy, to be read only. */
    public byte[] data() {
        return data;
    }

    private String describe() {
        return shape + " images with " + levels + " levels";
    }
}
