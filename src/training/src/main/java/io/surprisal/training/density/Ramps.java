package io.surprisal.training.density;

import io.surprisal.training.density.Convolution.Padding;
import io.surprisal.training.weights.ParameterLayout;

/**
 * How a pixel enters a network: through learned ramps, a 1×1 convolution followed by a ReLU. "Black" and "not quite black", and the
 * padding, are then told apart by the first layer. At first they rise and fall in turn, with corners spread evenly over −1..1.
 *
 * <p>A linear layer behind L of them can be any table over the L levels, as an embedding of tokens is, but levels that are close stay
 * close, and there is a gradient.
 *
 * @param channels of the image
 * @param each ramps a channel, an even number; or 1 for none, the scaled level itself, which for two levels is a table already
 */
record Ramps(int channels, int each) {
    private static final int SLOPE = 2;

    Ramps {
        if (channels < 1 || each < 1 || each > 1 && each % 2 != 0) {
            throw new IllegalArgumentException("expected an even number of features, or 1, found " + each);
        }
    }

    /** Feature maps that come out, those of the first channel first. */
    int count() {
        return channels * each;
    }

    /** (N, C, H, W) to (N, {@link #count}, H, W). */
    <T> T of(Operations<T> ops, T image) {
        return each == 1 ? image : ops.relu(ops.convolve(image, convolution()));
    }

    private Convolution convolution() {
        return new Convolution("ramps", channels, count(), 1, 1, Padding.NONE, 1, channels, null, 1);
    }

    void declare(ParameterLayout.Builder parameters) {
        if (each == 1) {
            return;
        }
        float[] slopes = new float[count()];
        float[] offsets = new float[count()];
        int pairs = Math.max(1, each / 2);
        for (int k = 0; k < slopes.length; k++) {
            slopes[k] = k % 2 == 0 ? SLOPE : -SLOPE;
            float corner = -1 + 2f * (k % each / 2) / pairs;
            offsets[k] = -slopes[k] * corner;
        }
        Convolution convolution = convolution();
        parameters.values(convolution.weight(), slopes, count(), 1, 1, 1);
        parameters.values(convolution.bias(), offsets, count());
    }
}
