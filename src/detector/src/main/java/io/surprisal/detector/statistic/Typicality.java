package io.surprisal.detector.statistic;

import java.util.List;
import java.util.Map;

/**
 * |−log2 p(x) / D − m|, with m the mean over clean images: how far an image lies from the typical set, on either side
 * (Nalisnick et al., "Detecting Out-of-Distribution Inputs to Deep Generative Models Using Typicality", 2019, equation
 * 4 with batches of one image). Catches images that are too likely.
 *
 * @param meanBitsPerDimension m, bits per dimension; finite
 */
public record Typicality(double meanBitsPerDimension) implements Fitted {

    public static final String NAME = "typicality";
    static final String MEAN = "meanBitsPerDimension";

    public Typicality {
        if (!Double.isFinite(meanBitsPerDimension)) {
            throw new IllegalArgumentException(
                    NAME + ": expected a finite " + MEAN + ", found " + meanBitsPerDimension);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String words() {
        return "distance from the mean bits per dimension of clean images";
    }

    @Override
    public List<Measured> inputs() {
        return List.of(new BitsPerDimension());
    }

    @Override
    public double of(double[] inputs) {
        return of(inputs[0]);
    }

    /** The score of an image with these bits per dimension. */
    public double of(double bitsPerDimension) {
        return Math.abs(bitsPerDimension - meanBitsPerDimension);
    }

    @Override
    public Map<String, List<Double>> parameters() {
        return Map.of(MEAN, List.of(meanBitsPerDimension));
    }
}
