package io.surprisal.training.density;

import io.surprisal.training.weights.ParameterLayout;
import java.util.Arrays;

/**
 * Layer normalisation of vectors.
 *
 * @param name prefix of the parameters {@code name.gain}, ones at first, and {@code name.bias}, zeros at first
 * @param size of the vectors
 */
public record Normalisation(String name, int size) {
    /** Added to the variance. */
    public static final float EPSILON = 1e-5f;

    public String gain() {
        return name + ".gain";
    }

    public String bias() {
        return name + ".bias";
    }

    void declare(ParameterLayout.Builder parameters) {
        float[] ones = new float[size];
        Arrays.fill(ones, 1);
        parameters.values(gain(), ones, size);
        parameters.zeros(bias(), size);
    }
}
