package io.surprisal.training.density;

import io.surprisal.training.weights.ParameterLayout;
import org.jspecify.annotations.Nullable;

/**
 * A dense layer over the last axis.
 *
 * @param name prefix of the parameters {@code name.weight}, shape (out, in), and {@code name.bias}
 * @param mask which inputs a unit may see; {@code null} for all
 * @param gain standard deviation of the initial weights times the square root of {@code in}
 */
public record Linear(String name, int in, int out, @Nullable DegreeMask mask, double gain) {

    public Linear {
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException("sizes of layer " + name + " must be positive");
        }
        if (mask != null && (mask.inputs().length != in || mask.outputs().length != out)) {
            throw new IllegalArgumentException("layer " + name + ": the mask is of another size");
        }
    }

    static Linear full(String name, int in, int out, double gain) {
        return new Linear(name, in, out, null, gain);
    }

    public String weight() {
        return name + ".weight";
    }

    public String bias() {
        return name + ".bias";
    }

    /** Adds this layer's two parameters, with their initial values, to a layout. */
    void declare(ParameterLayout.Builder parameters) {
        parameters.normal(weight(), gain / Math.sqrt(in), out, in);
        parameters.zeros(bias(), out);
    }
}
