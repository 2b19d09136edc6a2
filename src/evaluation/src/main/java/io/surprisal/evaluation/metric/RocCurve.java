package io.surprisal.evaluation.metric;

import java.util.Arrays;

/**
 * How well a score separates attacked images from clean ones, over all thresholds; larger scores are more suspicious. NaN counts as
 * more suspicious than everything, as in a verdict. Immutable.
 */
public final class RocCurve {
    private final double[] clean;
    private final double[] attacked;

    private RocCurve(double[] clean, double[] attacked) {
        this.clean = clean;
        this.attacked = attacked;
    }

    /** @throws IllegalArgumentException when there are no scores of one kind: there is no curve then, not one at ½ */
    public static RocCurve of(double[] clean, double[] attacked) {
        if (clean.length == 0 || attacked.length == 0) {
            throw new IllegalArgumentException(
                    "expected clean and attacked scores, found " + clean.length + " and " + attacked.length);
        }
        return new RocCurve(ascending(clean), ascending(attacked));
    }

    /** −0 becomes 0, so that the two are a tie for {@link Double#compare} too. */
    private static double[] ascending(double[] scores) {
        double[] sorted = Arrays.stream(scores).map(s -> s + 0.0).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    /**
     * The area under the curve: the probability that an attacked image scores higher than a clean one, ties counted half (the
     * Mann-Whitney statistic; Fawcett 2006, section 7). Exact: a sum of halves.
     *
     * @return 0..1
     */
    public double area() {
        double sum = 0;
        int below = 0;
        int notAbove = 0;
        for (double score : attacked) {
            while (below < clean.length && Double.compare(clean[below], score) < 0) {
                below++;
            }
            while (notAbove < clean.length && Double.compare(clean[notAbove], score) <= 0) {
                notAbove++;
            }
            sum += 0.5 * below + 0.5 * notAbove;
        }
        return sum / clean.length / attacked.length;
    }

    /**
     * The share of attacked images found by the lowest threshold that flags at most this share of the clean ones.
     *
     * @param falsePositiveRate 0..1
     * @return 0..1
     */
    public double truePositiveRate(double falsePositiveRate) {
        if (!(falsePositiveRate >= 0 && falsePositiveRate <= 1)) {
            throw new IllegalArgumentException("expected a false-positive rate in 0..1, found " + falsePositiveRate);
        }
        int allowed = (int) (falsePositiveRate * clean.length);
        if (allowed == clean.length) {
            return 1;
        }
        double threshold = clean[clean.length - 1 - allowed];
        int found = 0;
        for (double score : attacked) {
            found += Double.compare(score, threshold) > 0 ? 1 : 0;
        }
        return (double) found / attacked.length;
    }
}
