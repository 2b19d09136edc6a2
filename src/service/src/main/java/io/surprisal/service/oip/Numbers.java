package io.surprisal.service.oip;

import java.util.Arrays;

/** Numbers that become more. */
public final class Numbers {
    private float[] values = new float[1024];
    private int size;

    /** Adds one. */
    public void add(float value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    /** How many there are. */
    public int size() {
        return size;
    }

    /** All of them, in their order. */
    public float[] floats() {
        return Arrays.copyOf(values, size);
    }
}
