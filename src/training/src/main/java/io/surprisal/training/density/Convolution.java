package io.surprisal.training.density;

import io.surprisal.training.weights.ParameterLayout;
import org.jspecify.annotations.Nullable;

/**
 * One causal convolution: the kernel is cropped to the taps that may be seen, so it ends at the current pixel and no weight is
 * trained, stored or multiplied only to be masked away. Stride 1; the output has the size of the (padded) input.
 *
 * @param name prefix of the parameters {@code name.weight} and {@code name.bias}
 * @param in input channels
 * @param out output channels; for a gated convolution both halves together, first the tanh half
 * @param height kernel height
 * @param width kernel width
 * @param padding zeros added around the input
 * @param dilation distance of neighbouring taps along the width, 1 for a dense kernel
 * @param groups as in libtorch and ONNX
 * @param mask which channels the rightmost tap may see; {@code null} for all (grey images need none)
 * @param gain standard deviation of the initial weights times the square root of the fan-in
 */
public record Convolution(
        String name,
        int in,
        int out,
        int height,
        int width,
        Padding padding,
        int dilation,
        int groups,
        @Nullable ChannelMask mask,
        double gain) {

    /** Zeros around the input, in pixels; nothing is ever padded below. */
    public record Padding(int top, int left, int right) {
        static final Padding NONE = new Padding(0, 0, 0);
    }

    public Convolution {
        if (in < 1 || out < 1 || height < 1 || width < 1 || dilation < 1 || groups < 1) {
            throw new IllegalArgumentException("sizes of convolution " + name + " must be positive");
        }
        if (in % groups != 0 || out % groups != 0) {
            throw new IllegalArgumentException("convolution " + name + ": " + in + " and " + out
                    + " channels do not divide into " + groups + " groups");
        }
    }

    static Convolution pointwise(String name, int in, int out, @Nullable ChannelMask mask, double gain) {
        return new Convolution(name, in, out, 1, 1, Padding.NONE, 1, 1, mask, gain);
    }

    public String weight() {
        return name + ".weight";
    }

    public String bias() {
        return name + ".bias";
    }

    /** Adds this convolution's two parameters, with their initial values, to a layout. */
    void declare(ParameterLayout.Builder parameters) {
        int fanIn = in / groups * height * width;
        parameters.normal(weight(), gain / Math.sqrt(fanIn), out, in / groups, height, width);
        parameters.zeros(bias(), out);
    }
}
