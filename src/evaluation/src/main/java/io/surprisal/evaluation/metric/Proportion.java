package io.surprisal.evaluation.metric;

import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * How many of how many images were flagged.
 *
 * @param flagged 0..images
 * @param images at least 1
 */
public record Proportion(int flagged, int images) {
    private static final double CONFIDENCE = 0.95;

    public Proportion {
        if (images < 1 || flagged < 0 || flagged > images) {
            throw new IllegalArgumentException(
                    "expected 0 to n flagged of n > 0 images, found " + flagged + " of " + images);
        }
    }

    /** The images whose score is above the threshold, or NaN. */
    public static Proportion above(double threshold, double[] scores) {
        int flagged = 0;
        for (double score : scores) {
            flagged += score <= threshold ? 0 : 1;
        }
        return new Proportion(flagged, scores.length);
    }

    /** 0..1. */
    public double rate() {
        return (double) flagged / images;
    }

    /**
     * The exact binomial interval of Clopper and Pearson (Biometrika 1934) for the rate behind this proportion: covers it in at least
     * 95 % of all samples.
     */
    public Interval interval() {
        double tail = (1 - CONFIDENCE) / 2;
        double lower = flagged == 0
                ? 0
                : BetaDistribution.of(flagged, images - flagged + 1.0).inverseCumulativeProbability(tail);
        double upper = flagged == images
                ? 1
                : BetaDistribution.of(flagged + 1.0, images - flagged).inverseSurvivalProbability(tail);
        return new Interval(lower, upper);
    }
}
