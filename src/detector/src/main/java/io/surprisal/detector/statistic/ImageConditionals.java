package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.likelihood.ChainRule;
import io.surprisal.detector.likelihood.LogLikelihood;
import org.jspecify.annotations.Nullable;

/**
 * What a density model says about one image of a batch, and the few sums that several statistics read, each worked out once: a service
 * has just come from running the model, nothing is in the processor's caches, and a pass over an image costs more than its arithmetic.
 *
 * <p>For one thread.
 */
public final class ImageConditionals {

    private final Conditionals batch;
    private final int image;
    private final int start;
    private @Nullable LogLikelihood logLikelihood;
    private @Nullable LargestSurprisals largest;
    private double @Nullable [] certainties;

    /** @param image which image of the batch, 0..N−1 */
    public ImageConditionals(Conditionals batch, int image) {
        if (image < 0 || image >= batch.count()) {
            throw new IndexOutOfBoundsException("expected an image of 0.." + (batch.count() - 1) + ", found " + image);
        }
        this.batch = batch;
        this.image = image;
        this.start = image * batch.dimensions();
    }

    /** The batch that the image is of. */
    Conditionals batch() {
        return batch;
    }

    /** Which image of the batch. */
    int image() {
        return image;
    }

    /** The place of the image's first dimension in the arrays of the batch. */
    int start() {
        return start;
    }

    /** The place after its last. */
    int end() {
        return start + batch.dimensions();
    }

    /** Whether the numbers are those of a cascade's screen. */
    public boolean screened() {
        boolean[] screened = batch.screened();
        return screened != null && screened[image];
    }

    public LogLikelihood logLikelihood() {
        if (logLikelihood == null) {
            logLikelihood = ChainRule.of(batch, image);
        }
        return logLikelihood;
    }

    LargestSurprisals largest() {
        if (largest == null) {
            largest = LargestSurprisals.of(this);
        }
        return largest;
    }

    /**
     * exp(−H) for each dimension of the image: 1 where the conditional is certain.
     *
     * @param statistic that asks
     */
    double[] certainties(String statistic) {
        if (certainties == null) {
            float[] entropy = Outputs.entropy(statistic, batch);
            double[] values = new double[batch.dimensions()];
            for (int i = 0; i < values.length; i++) {
                values[i] = Decay.of(entropy[start + i]);
            }
            certainties = values;
        }
        return certainties;
    }

    /**
     * A bound on the variance of a dimension's mid-p value P(X &lt; x) + ½ P(X = x) under its own conditional: that is (1 − Σp³)/12, and Σp³
     * = E[p²] ≥ exp(−2H) by Jensen's inequality. Near 1/12 where the conditional is broad, 0 where it is certain.
     *
     * @param certainty exp(−H)
     */
    static double cdfVariance(double certainty) {
        return (1 - certainty * certainty) / 12;
    }
}
