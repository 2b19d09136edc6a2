package io.surprisal.training.density;

import io.surprisal.training.density.Convolution.Padding;
import io.surprisal.training.weights.ParameterLayout;

/**
 * How a pixel enters a network: through learned ramps, a 1×1 convolution followed by a ReLU. "Black" and "not quite black", and the
 * padding, are then told apart by the first layer. At first they rise and fall in turn, with corners spread evenly over −1..1.
 *
 * @param channels of the image
 * @param each ramps a channel, an even number
 */
record Ramps(int channels, int each) {
    private static final int SLOPE = 2;

    Convolution convolution() {
        return new Convolution("ramps", channels, count(), 1, 1, Padding.NONE, 1, channels, null, 1);
    }

    int count() {
        return channels * each;
    }

    void declare(ParameterLayout.Builder parameters) {
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
