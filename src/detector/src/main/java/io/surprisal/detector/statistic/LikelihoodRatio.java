package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;

/**
 * Σ ln q(x_i | x_&lt;i) − ln p(x_i | x_&lt;i), nats, one-sided: how much better an image is explained by a density q of images to which
 * something has happened than by a density p of clean ones (Ren et al., "Likelihood Ratios for Out-of-Distribution Detection", 2019,
 * equation 5, with the sign turned so that larger is more suspicious).
 *
 * <p>For changes of the kind that q was fitted to it is the most powerful test there is (Neyman and Pearson 1933), as far as q and p are
 * the truth; what an image shows is known to both and drops out. Of changes of another kind it knows little.
 */
public record LikelihoodRatio() implements Measured {

    public static final String NAME = "likelihood-ratio";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String words() {
        return "likelihood as a disturbed image";
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
        double sum = 0;
        for (int i = image.start(); i < image.end(); i++) {
            sum += ratio[i];
        }
        return sum;
    }
}
