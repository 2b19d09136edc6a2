package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;

/**
 * Z = Σ(s_i − H_i) / √ΣVar_i, one-sided, with s_i = −ln p(x_i | x_&lt;i), H_i the entropy and Var_i the variance of the
 * surprisal of the same conditional.
 *
 * <p>By the chain rule s_i − H_i is a martingale difference under the model, so Z is asymptotically N(0, 1) for images
 * drawn from it, however plain or busy they are: the surprisal of an image is compared with what the model itself
 * expected of that very image. On real images the mean and the spread differ, which is why a threshold comes from
 * calibration and never from the normal tables.
 *
 * <p>Sums are double. Where every conditional is certain (ΣVar = 0), Z is 0 if the image is what the model was certain
 * of and +∞ if not.
 */
public record StandardisedSurprisal() implements Measured {

    public static final String NAME = "standardised-surprisal";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String words() {
        return "standardised surprisal";
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
        double excess = 0;
        double varianceSum = 0;
        for (int i = image.start(); i < image.end(); i++) {
            excess -= (double) logProb[i] + entropy[i];
            varianceSum += Math.max(0, variance[i]);
        }
        return excess == 0 ? 0 : excess / Math.sqrt(varianceSum);
    }
}
