package io.surprisal.detector.calibration;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * What one statistic gave on held-out clean images: n finite doubles, n at least 1, larger more suspicious. Immutable.
 */
public final class ReferenceScores {

    private final double[] ascending;

    private ReferenceScores(double[] ascending) {
        this.ascending = ascending;
    }

    /**
     * Sorts and checks the scores of clean images.
     *
     * @param clean scores in any order; copied
     * @throws IllegalArgumentException when there is none, or one is not a finite number
     */
    public static ReferenceScores of(double[] clean) {
        if (clean.length == 0) {
            throw new IllegalArgumentException("expected at least 1 reference score, found none");
        }
        double[] ascending = clean.clone();
        Arrays.sort(ascending);
        // What is not finite is at the ends now, NaN the last of all.
        for (double score : new double[] {ascending[0], ascending[ascending.length - 1]}) {
            if (!Double.isFinite(score)) {
                throw new IllegalArgumentException("expected finite reference scores, found " + score);
            }
        }
        return new ReferenceScores(ascending);
    }

    /** The rank p-value of a score. A tie counts as extreme; NaN is more extreme than everything. */
    public PValue pValue(double score) {
        return PValue.of(atLeast(score), ascending.length);
    }

    /**
     * The threshold of a test at a false-positive rate: {@code pValue(s).value() <= rate} exactly when {@code s >
     * threshold}.
     *
     * @param falsePositiveRate above 0, below 1
     * @throws TooFewCleanImagesException when n &lt; 1/rate − 1: no score could be flagged
     */
    public double threshold(double falsePositiveRate) {
        return ascending[ascending.length - 1 - above(falsePositiveRate)];
    }

    /**
     * The interval in which the threshold's true false-positive rate lies, for as large a share of calibrations as the confidence says.
     *
     * @param falsePositiveRate asked for, above 0, below 1
     * @param confidence above 0, below 1
     * @throws TooFewCleanImagesException as {@link #threshold}
     */
    public TrueRate trueRate(double falsePositiveRate, double confidence) {
        int above = above(falsePositiveRate);
        BetaDistribution rate = BetaDistribution.of(above + 1.0, (double) ascending.length - above);
        double tail = (1 - confidence) / 2;
        return new TrueRate(rate.inverseCumulativeProbability(tail), rate.inverseSurvivalProbability(tail), confidence);
    }

    /** How many of the scores lie above the threshold, ties aside. */
    private int above(double falsePositiveRate) {
        requireRate(falsePositiveRate);
        int n = ascending.length;
        // The largest k with (1 + k)/(n + 1) <= rate. The guess may be one off by rounding; the comparison is the one
        // of a verdict.
        int k = Math.min(n - 1, (int) (falsePositiveRate * (n + 1.0)));
        while (PValue.of(k, n).value() > falsePositiveRate) {
            k--;
        }
        return k;
    }

    /**
     * Whether there are scores enough for a false-positive rate.
     *
     * @param falsePositiveRate above 0, below 1
     * @throws TooFewCleanImagesException when n &lt; 1/rate − 1
     */
    public void requireRate(double falsePositiveRate) {
        if (!(falsePositiveRate > 0 && falsePositiveRate < 1)) {
            throw new IllegalArgumentException(
                    "expected a false-positive rate above 0 and below 1, found " + falsePositiveRate);
        }
        if (!(PValue.of(0, ascending.length).value() <= falsePositiveRate)) {
            throw new TooFewCleanImagesException(falsePositiveRate, ascending.length);
        }
    }

    /** n. */
    public int size() {
        return ascending.length;
    }

    /** The scores, ascending; a copy. */
    public double[] toArray() {
        return ascending.clone();
    }

    private int atLeast(double score) {
        if (Double.isNaN(score)) {
            return 0;
        }
        int low = 0;
        int high = ascending.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ascending[middle] < score) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return ascending.length - low;
    }
}
