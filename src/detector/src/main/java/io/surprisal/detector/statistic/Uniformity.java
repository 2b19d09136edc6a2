package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;

/**
 * Σ w_i (12 (U_i − ½)² − w_i) / √(0.8 Σ w_i²) with w_i = 1 − exp(−2 H_i), one-sided: whether values lie further out in the model's
 * conditionals than they should.
 *
 * <p>By the transform of Rosenblatt (1952) the conditional distribution functions U_i of a continuous image are independent and uniform
 * under the model, with E (U − ½)² = 1/12 and Var 12 (U − ½)² = 0.8. Levels are discrete: U_i is the mid-p value, its mean still exactly
 * ½, its variance (1 − Σp³)/12 ≤ w_i/12. So each term is compared with its own bound and weighted by it; both are predictable. A dimension
 * of which the model is certain has no say.
 *
 * <p>Large when the model is too sure of itself (noise, perturbations), negative when it is not sure enough. Always finite; 0 where
 * every conditional is certain.
 */
public record Uniformity() implements Measured {

    public static final String NAME = "uniformity";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String words() {
        return "distance from what the model's conditionals allow";
    }

    @Override
    public boolean applicableTo(Conditionals conditionals) {
        return conditionals.entropy() != null && conditionals.cdf() != null;
    }

    @Override
    public double of(ImageConditionals image) {
        float[] cdf = Outputs.cdf(NAME, image.batch());
        double[] certainties = image.certainties(NAME);
        int start = image.start();
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < certainties.length; i++) {
            double weight = 12 * ImageConditionals.cdfVariance(certainties[i]);
            double distance = cdf[start + i] - 0.5;
            sum += weight * (12 * distance * distance - weight);
            squares += weight * weight;
        }
        return squares == 0 ? 0 : sum / Math.sqrt(0.8 * squares);
    }
}
