package io.surprisal.detector.calibration;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * What one statistic gave on held-out clean images: finite doubles, at least 1, larger more suspicious. Immutable.
 *
 * <p>Each stands for itself, or, where there are too many to keep, for itself and some that are no larger: a {@linkplain #weighted weighted}
 * sample. None that is kept is less extreme than what it stands for, so that every p-value is at least what it would be among all scores, and
 * a false-positive rate that is asked for is not exceeded because of it.
 */
public final class ReferenceScores {

    private final double[] ascending;

    /** For each score, how many it and all larger ones stand for; empty where each stands for itself alone. */
    private final int[] standing;

    private final int above;
    private final double excess;
    private final int n;

    private ReferenceScores(double[] ascending, int[] standing, int above, double excess) {
        this.ascending = ascending;
        this.standing = standing;
        this.above = above;
        this.excess = excess;
        this.n = Math.addExact(above, standing.length == 0 ? ascending.length : standing[0]);
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
        return new ReferenceScores(ascending, new int[0], 0, 0);
    }

    /**
     * A weighted sample of more scores than are kept.
     *
     * @param ascending scores that were kept, the smallest first; copied
     * @param weights for each, how many scores it stands for, itself and others that are no larger; at least 1
     * @param above images that count as more extreme than every score that was kept, although what they scored is not known, or is not a
     *     number; at least 0
     * @param excess the largest share by which the weight at or above a score may exceed the number of scores at or above it, 0..1
     * @throws IllegalArgumentException when they are not so, or stand for more than {@value Integer#MAX_VALUE} images
     */
    public static ReferenceScores weighted(double[] ascending, int[] weights, int above, double excess) {
        if (ascending.length == 0 || ascending.length != weights.length) {
            throw new IllegalArgumentException("expected reference scores with a weight each, found " + ascending.length
                    + " scores and " + weights.length + " weights");
        }
        if (above < 0 || !(excess >= 0 && excess <= 1)) {
            throw new IllegalArgumentException(
                    "expected at least 0 images above and an excess of 0 to 1, found " + above + " and " + excess);
        }
        int[] standing = new int[weights.length];
        long sum = 0;
        for (int i = weights.length - 1; i >= 0; i--) {
            if (!Double.isFinite(ascending[i]) || (i > 0 && !(ascending[i - 1] <= ascending[i])) || weights[i] < 1) {
                throw new IllegalArgumentException(
                        "expected finite reference scores in ascending order with weights of at least 1, found "
                                + ascending[i] + " with weight " + weights[i] + " at " + i);
            }
            sum += weights[i];
            if (sum + above > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("expected reference scores that stand for at most "
                        + Integer.MAX_VALUE + " images, found more");
            }
            standing[i] = (int) sum;
        }
        return new ReferenceScores(ascending.clone(), standing, above, excess);
    }

    /** The rank p-value of a score. A tie counts as extreme; NaN is more extreme than every score. */
    public PValue pValue(double score) {
        return PValue.of(atLeast(score), n);
    }

    /**
     * The threshold of a test at a false-positive rate: {@code pValue(s).value() <= rate} exactly when {@code s >
     * threshold}.
     *
     * @param falsePositiveRate above 0, below 1
     * @throws TooFewCleanImagesException when n &lt; 1/rate − 1: no score could be flagged
     */
    public double threshold(double falsePositiveRate) {
        return ascending[place(falsePositiveRate)];
    }

    /**
     * The interval in which the threshold's true false-positive rate lies, for as large a share of calibrations as the confidence says. Of a
     * weighted sample, that for the fewest images that may lie above the threshold and that for the most, joined; the fewest is without
     * {@link #above()}.
     *
     * @param falsePositiveRate asked for, above 0, below 1
     * @param confidence above 0, below 1
     * @throws TooFewCleanImagesException as {@link #threshold}
     */
    public TrueRate trueRate(double falsePositiveRate, double confidence) {
        int scores = standing(place(falsePositiveRate) + 1);
        double tail = (1 - confidence) / 2;
        return new TrueRate(
                rate((int) (scores / (1 + excess)), n - above).inverseCumulativeProbability(tail),
                rate(scores + above, n).inverseSurvivalProbability(tail),
                confidence);
    }

    private static BetaDistribution rate(int above, int of) {
        return BetaDistribution.of(above + 1.0, (double) of - above);
    }

    /** The first score with a p-value beyond it of at most the rate: a verdict's own comparison, since rounding may move a guess. */
    private int place(double falsePositiveRate) {
        requireRate(falsePositiveRate);
        int low = 0;
        int high = ascending.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (PValue.of(standing(middle + 1) + above, n).value() <= falsePositiveRate) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /**
     * Whether there are scores enough for a false-positive rate.
     *
     * @param falsePositiveRate above 0, below 1
     * @throws TooFewCleanImagesException when n &lt; (1 + {@link #above()})/rate − 1
     */
    public void requireRate(double falsePositiveRate) {
        if (!(falsePositiveRate > 0 && falsePositiveRate < 1)) {
            throw new IllegalArgumentException(
                    "expected a false-positive rate above 0 and below 1, found " + falsePositiveRate);
        }
        if (!(PValue.of(above, n).value() <= falsePositiveRate)) {
            throw new TooFewCleanImagesException(falsePositiveRate, n, above);
        }
    }

    /** n: the images behind the scores, whether or not each has one of its own here. */
    public int size() {
        return n;
    }

    /** The scores that are kept, ascending; a copy. */
    public double[] toArray() {
        return ascending.clone();
    }

    /** For each of {@link #toArray()}, how many scores it stands for; a copy. */
    public int[] weights() {
        int[] weights = new int[ascending.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = standing(i) - standing(i + 1);
        }
        return weights;
    }

    /** Images that count as more extreme than every score. */
    public int above() {
        return above;
    }

    /** The largest share by which the weight at or above a score may be too large; 0 where every score is kept. */
    public double excess() {
        return excess;
    }

    /** How much larger than among all scores of clean images p-values may be on average. */
    public double meanExcess() {
        return excess / 2 + above / (2.0 * n);
    }

    /** How many scores those from a place on stand for. */
    private int standing(int place) {
        if (place == ascending.length) {
            return 0;
        }
        return standing.length == 0 ? ascending.length - place : standing[place];
    }

    private int atLeast(double score) {
        if (Double.isNaN(score)) {
            return above;
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
        return standing(low) + above;
    }
}
