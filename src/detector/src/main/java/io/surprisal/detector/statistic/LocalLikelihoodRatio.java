package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.quantise.ImageShape;

/**
 * The {@link LikelihoodRatio} of the window that speaks most for a disturbance, nats, one-sided: max over windows of side k = 3, 5, 7, 11 of Σ (ln
 * q − ln p) − ln n_k, over all channels, n_k being the number of windows of that side. For patches and single pixels: the rest of the
 * image, which speaks against, does not count (a scan statistic, Kulldorff 1997; ln n_k is what a window pays for being one of many).
 * Windows larger than the image are cut to it.
 */
public record LocalLikelihoodRatio() implements Measured {

    public static final String NAME = "local-likelihood-ratio";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String words() {
        return "likelihood as a disturbed image, in the most suspicious window";
    }

    @Override
    public String adjective() {
        return "likely";
    }

    @Override
    public boolean applicableTo(Conditionals conditionals) {
        return conditionals.backgroundLogRatio() != null;
    }

    @Override
    public double of(ImageConditionals image) {
        float[] ratio = Outputs.backgroundLogRatio(NAME, image.batch());
        ImageShape shape = image.batch().images().shape();
        int height = shape.height();
        int width = shape.width();
        int area = height * width;
        int stride = width + 1;
        // Integral image: sums over rectangles from sums over all rectangles with a corner at the origin.
        double[] sums = new double[(height + 1) * stride];
        for (int row = 0; row < height; row++) {
            double ofRow = 0;
            for (int column = 0; column < width; column++) {
                int first = image.start() + row * width + column;
                for (int channel = 0; channel < shape.channels(); channel++) {
                    ofRow += ratio[first + channel * area];
                }
                int at = (row + 1) * stride + column + 1;
                sums[at] = sums[at - stride] + ofRow;
            }
        }
        double most = Double.NEGATIVE_INFINITY;
        for (int side : LocalSurprisal.SIDES) {
            int tall = Math.min(side, height);
            int wide = Math.min(side, width);
            double price = Math.log((height - tall + 1) * (width - wide + 1));
            for (int row = 0; row + tall <= height; row++) {
                int top = row * stride;
                int bottom = (row + tall) * stride;
                for (int column = 0; column + wide <= width; column++) {
                    double sum = sums[bottom + column + wide]
                            - sums[bottom + column]
                            - sums[top + column + wide]
                            + sums[top + column];
                    most = Math.max(most, sum - price);
                }
            }
        }
        return most;
    }
}
