package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.quantise.ImageShape;
import java.util.Arrays;

/**
 * The largest standardised surprisal in a sliding window, one-sided: max over windows of side k = 3, 5, 7, 11 of ½ z |z| − ln n_k, with z = Σ(s_i
 * − H_i) / √(k + ΣVar_i) over the window, all channels, and n_k the number of windows of that side. For patches, marks and dead areas
 * of a sensor, which a sum over the whole image drowns.
 *
 * <p>½ z² is minus the logarithm of a normal tail, so that taking off ln n_k corrects for n_k windows (Bonferroni) and makes sides
 * comparable. The k nats² under the root keep a window in which the model was certain from dividing by nothing. Sums come from
 * integral images. Windows larger than the image are cut to it.
 *
 * <p>+∞ for an image with an impossible dimension.
 */
public record LocalSurprisal() implements Measured {

    public static final String NAME = "local-surprisal";
    static final int[] SIDES = {3, 5, 7, 11};

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
        int stride = shape.width() + 1;
        // As many rows of the integral images as the tallest window needs, used again and again.
        int kept = Math.min(SIDES[SIDES.length - 1], shape.height()) + 1;
        double[] excess = new double[kept * stride];
        double[] spread = new double[kept * stride];
        double[] largest = new double[SIDES.length];
        Arrays.fill(largest, Double.NEGATIVE_INFINITY);
        int area = shape.height() * shape.width();
        for (int row = 0; row < shape.height(); row++) {
            int above = row % kept * stride;
            int here = (row + 1) % kept * stride;
            double excessOfRow = 0;
            double spreadOfRow = 0;
            for (int column = 0; column < shape.width(); column++) {
                double excessOfPixel = 0;
                double spreadOfPixel = 0;
                int first = image.start() + row * shape.width() + column;
                for (int channel = 0, i = first; channel < shape.channels(); channel++, i += area) {
                    if (logProb[i] == Float.NEGATIVE_INFINITY) {
                        return Double.POSITIVE_INFINITY;
                    }
                    excessOfPixel -= (double) logProb[i] + entropy[i];
                    spreadOfPixel += Math.max(0, variance[i]);
                }
                excessOfRow += excessOfPixel;
                spreadOfRow += spreadOfPixel;
                excess[here + column + 1] = excess[above + column + 1] + excessOfRow;
                spread[here + column + 1] = spread[above + column + 1] + spreadOfRow;
            }
            for (int s = 0; s < SIDES.length; s++) {
                int tall = Math.min(SIDES[s], shape.height());
                if (row + 1 >= tall) {
                    int top = (row + 1 - tall) % kept * stride;
                    largest[s] = largest(excess, spread, top, here, shape.width(), SIDES[s], largest[s]);
                }
            }
        }
        double corrected = Double.NEGATIVE_INFINITY;
        for (int s = 0; s < SIDES.length; s++) {
            int tall = Math.min(SIDES[s], shape.height());
            int wide = Math.min(SIDES[s], shape.width());
            int windows = (shape.height() - tall + 1) * (shape.width() - wide + 1);
            corrected = Math.max(corrected, largest[s] / 2 - Math.log(windows));
        }
        return corrected;
    }

    /**
     * The largest z |z| so far, with those of the windows of one side that end in one row.
     *
     * @param excess integral image: sums over rectangles from sums over all rectangles with a corner at the origin
     * @param spread another
     * @param top where the row above the windows is in both
     * @param bottom where their last row is
     */
    private static double largest(
            double[] excess, double[] spread, int top, int bottom, int width, int side, double before) {
        int wide = Math.min(side, width);
        double largest = before;
        for (int column = 0; column + wide <= width; column++) {
            int from = top + column;
            int to = bottom + column;
            // Differences of sums round, and may leave a sum of nothing a little below 0.
            double sum = excess[to + wide] - excess[to] - excess[from + wide] + excess[from];
            double under = side + Math.max(0, spread[to + wide] - spread[to] - spread[from + wide] + spread[from]);
            double square = sum * Math.abs(sum);
            if (square > largest * under) { // a division for each window would cost more than all else here
                largest = square / under;
            }
        }
        return largest;
    }
}
