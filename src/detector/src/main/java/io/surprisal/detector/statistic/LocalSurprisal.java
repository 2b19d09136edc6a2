package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.quantise.ImageShape;

/**
 * The largest standardised surprisal in a sliding window, one-sided: max over windows of side k = 3, 5, 7, 11 of ½ z |z| − ln n_k, with z = Σ(s_i
 * − H_i) / √(k + ΣVar_i) over the window, all channels, and n_k the number of windows of that side. For patches, marks and dead areas
 * of a sensor, which a sum over the whole image drowns.
 *
 * <p>½ z² is minus the logarithm of a normal tail, so that taking off ln n_k corrects for n_k windows (Bonferroni) and makes sides
 * comparable. The k nats² under the root keep a window in which the model was certain from dividing by nothing. Sums come from
 * integral images, two doubles a pixel. Windows larger than the image are cut to it.
 *
 * <p>+∞ for an image with an impossible dimension.
 */
public record LocalSurprisal() implements Measured {

    public static final String NAME = "local-surprisal";
    private static final int[] SIDES = {3, 5, 7, 11};

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String words() {
        return "surprise in the most surprising window";
    }

    @Override
    public boolean applicableTo(Conditionals conditionals) {
        return Outputs.haveMoments(conditionals);
    }

    @Override
    public double of(ImageConditionals image) {
        Conditionals conditionals = image.batch();
        float[] logProb = conditionals.logProb();
        float[] entropy = Outputs.entropy(NAME, conditionals);
        float[] variance = Outputs.surprisalVariance(NAME, conditionals);
        ImageShape shape = conditionals.images().shape();
        int area = shape.height() * shape.width();
        double[] excesses = new double[area];
        double[] variances = new double[area];
        for (int channel = 0; channel < shape.channels(); channel++) {
            for (int pixel = 0, i = image.start() + channel * area; pixel < area; pixel++, i++) {
                if (logProb[i] == Float.NEGATIVE_INFINITY) {
                    return Double.POSITIVE_INFINITY;
                }
                excesses[pixel] -= (double) logProb[i] + entropy[i];
                variances[pixel] += Math.max(0, variance[i]);
            }
        }
        Integral excess = new Integral(excesses, shape.width());
        Integral spread = new Integral(variances, shape.width());
        double largest = Double.NEGATIVE_INFINITY;
        for (int side : SIDES) {
            largest = Math.max(largest, largest(excess, spread, shape, side));
        }
        return largest;
    }

    private static double largest(Integral excess, Integral spread, ImageShape shape, int side) {
        int tall = Math.min(side, shape.height());
        int wide = Math.min(side, shape.width());
        double largest = Double.NEGATIVE_INFINITY;
        for (int row = 0; row + tall <= shape.height(); row++) {
            for (int column = 0; column + wide <= shape.width(); column++) {
                // Differences of sums round, and may leave a sum of nothing a little below 0.
                double sum = excess.of(row, column, tall, wide);
                double under = side + Math.max(0, spread.of(row, column, tall, wide));
                double square = sum * Math.abs(sum);
                if (square > largest * under) { // a division for each window would cost more than all else here
                    largest = square / under;
                }
            }
        }
        int windows = (shape.height() - tall + 1) * (shape.width() - wide + 1);
        return largest / 2 - Math.log(windows);
    }

    /** Sums over rectangles from sums over all rectangles with a corner at the origin. */
    private static final class Integral {
        private final double[] sums;
        private final int stride;

        Integral(double[] values, int width) {
            stride = width + 1;
            int height = values.length / width;
            sums = new double[stride * (height + 1)];
            for (int row = 0; row < height; row++) {
                double line = 0;
                for (int column = 0; column < width; column++) {
                    line += values[row * width + column];
                    sums[(row + 1) * stride + column + 1] = sums[row * stride + column + 1] + line;
                }
            }
        }

        double of(int row, int column, int tall, int wide) {
            int top = row * stride + column;
            int bottom = top + tall * stride;
            return sums[bottom + wide] - sums[bottom] - sums[top + wide] + sums[top];
        }
    }
}
