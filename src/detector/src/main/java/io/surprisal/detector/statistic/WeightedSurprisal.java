package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;

/**
 * Σ w_i (s_i − H_i) / √Σ w_i² Var_i with w_i = exp(−H_i), one-sided: the {@link StandardisedSurprisal} with most say for the dimensions of
 * which the model was sure.
 *
 * <p>H_i depends on earlier dimensions only, so the weights are predictable and the terms still martingale differences: under the model
 * the mean is 0 and the variance 1. A well-trained model that meets noise soon expects more of it, and its entropies rise; what it said
 * while it still was sure keeps its weight here.
 *
 * <p>Where every conditional is certain (the variance is 0), 0 if the image is what the model was certain of and +∞ if not.
 */
public record WeightedSurprisal() implements Measured {

    public static final String NAME = "weighted-surprisal";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String words() {
        return "surprise where the model was sure";
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
        double[] certainties = image.certainties(NAME);
        double excess = 0;
        double varianceSum = 0;
        for (int i = image.start(); i < image.end(); i++) {
            double weight = certainties[i - image.start()];
            excess -= weight * ((double) logProb[i] + entropy[i]);
            varianceSum += weight * weight * Math.max(0, variance[i]);
        }
        return excess == 0 ? 0 : excess / Math.sqrt(varianceSum);
    }
}
