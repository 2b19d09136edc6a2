package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;

/**
 * −log2 p(x) / D, one-sided: the threshold of PixelDefend (Song et al., ICLR 2018, section 4). Needs nothing but the
 * likelihood.
 *
 * <p>Limitation: plain images are likely whatever they show (Nalisnick et al., ICLR 2019), so an out-of-distribution
 * image that is simpler than the clean ones passes.
 */
public record BitsPerDimension() implements Measured {

    public static final String NAME = "bits-per-dimension";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String words() {
        return "bits per dimension";
    }

    @Override
    public boolean applicableTo(Conditionals conditionals) {
        return true;
    }

    @Override
    public double of(ImageConditionals image) {
        return image.logLikelihood().bitsPerDimension();
    }
}
