package io.surprisal.detector.statistic;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * A statistic's values on the scale of a standard normal distribution: the j-th of m quantiles of clean images becomes the normal quantile of
 * (j + ½)/m, values between two of them are interpolated, and values beyond the outermost follow the straight line from the median through
 * it. So whatever the statistic's own distribution, clean images are about N(0, 1), and a value far outside keeps its distance.
 *
 * <p>Cut at ±{@value #MOST}: an infinite value is an extreme one. NaN stays NaN.
 */
final class NormalScores {

    static final int QUANTILES = 65;
    static final double MOST = 1000;
    private static final double LEAST_SPREAD = 1e-9; // where all clean values are one and the same
    private static final double[] NORMAL = normalQuantiles();

    private final double[] quantiles;

    private NormalScores(double[] quantiles) {
        this.quantiles = quantiles;
    }

    /** @throws IllegalArgumentException when they are not {@value #QUANTILES} finite numbers, ascending */
    static NormalScores of(String name, double[] quantiles) {
        if (quantiles.length != QUANTILES) {
            throw new IllegalArgumentException(
                    name + ": expected " + QUANTILES + " quantiles, found " + quantiles.length);
        }
        for (int i = 0; i < quantiles.length; i++) {
            if (!Double.isFinite(quantiles[i]) || i > 0 && !(quantiles[i - 1] <= quantiles[i])) {
                throw new IllegalArgumentException(
                        name + ": expected finite quantiles in ascending order, found " + quantiles[i] + " at " + i);
            }
        }
        return new NormalScores(quantiles.clone());
    }

    /** @param clean at least one finite value */
    static NormalScores fit(String name, double[] clean) {
        double[] ascending = clean.clone();
        Arrays.sort(ascending);
        double[] quantiles = new double[QUANTILES];
        for (int i = 0; i < QUANTILES; i++) {
            double at = (i + 0.5) / QUANTILES * (ascending.length - 1);
            int below = (int) at;
            int above = Math.min(ascending.length - 1, below + 1);
            quantiles[i] = ascending[below] + (at - below) * (ascending[above] - ascending[below]);
        }
        return of(name, quantiles);
    }

    double of(double value) {
        if (Double.isNaN(value)) {
            return Double.NaN;
        }
        int last = QUANTILES - 1;
        if (value > quantiles[last]) {
            return Math.min(MOST, beyond(value, last));
        }
        if (value < quantiles[0]) {
            return Math.max(-MOST, beyond(value, 0));
        }
        int from = first(value);
        int to = from;
        if (quantiles[from] == value) {
            while (to < last && quantiles[to + 1] == value) {
                to++;
            }
            return (NORMAL[from] + NORMAL[to]) / 2;
        }
        double share = (value - quantiles[from - 1]) / (quantiles[from] - quantiles[from - 1]);
        return NORMAL[from - 1] + share * (NORMAL[from] - NORMAL[from - 1]);
    }

    List<Double> quantiles() {
        return Arrays.stream(quantiles).boxed().toList();
    }

    private double beyond(double value, int outermost) {
        double spread = Math.max(LEAST_SPREAD, Math.abs(quantiles[outermost] - quantiles[QUANTILES / 2]));
        return NORMAL[outermost] + (value - quantiles[outermost]) / spread * Math.abs(NORMAL[outermost]);
    }

    /** The place of the first quantile that is not below the value. */
    private int first(double value) {
        int low = 0;
        int high = QUANTILES - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (quantiles[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static double[] normalQuantiles() {
        NormalDistribution standard = NormalDistribution.of(0, 1);
        double[] normal = new double[QUANTILES];
        for (int i = 0; i < QUANTILES; i++) {
            normal[i] = standard.inverseCumulativeProbability((i + 0.5) / QUANTILES);
        }
        return normal;
    }
}
