package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;

/**
 * −log2 p(x) / D less the length of a lossless code of the image, bits a dimension, one-sided (Serrà et al., "Input Complexity and
 * Out-of-Distribution Detection with Likelihood-Based Generative Models", ICLR 2020, equation 2). Plain images are likely under any
 * model; the code takes that off, and what is left is a likelihood ratio against a model that knows nothing but images.
 *
 * <p>The code is JPEG-LS's, in place of the paper's PNG, JPEG 2000 and FLIF: see {@link LosslessCode}. It reads the levels, not the
 * conditionals. Blind to perturbations that cost both codes the same. +∞ for an impossible image.
 */
public record InputComplexity() implements Measured {

    public static final String NAME = "input-complexity";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String words() {
        return "bits per dimension beyond those of a lossless code";
    }

    @Override
    public boolean applicableTo(Conditionals conditionals) {
        return true;
    }

    @Override
    public double of(ImageConditionals image) {
        Conditionals batch = image.batch();
        double bits = (double) LosslessCode.bits(batch.images(), image.image()) / batch.dimensions();
        return image.logLikelihood().bitsPerDimension() - bits;
    }
}
