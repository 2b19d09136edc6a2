package io.surprisal.detector.statistic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Fits a {@link GaussianMixture} by expectation maximisation (Dempster, Laird and Rubin 1977), from a seeded start, so that the same
 * images give the same mixture. {@value #RIDGE} is added to the diagonal of every covariance: with coordinates of variance 1, a component
 * cannot collapse onto a few images.
 */
final class MixtureFit {

    private static final double RIDGE = 0.05;
    private static final int ITERATIONS = 40;
    private static final int IMAGES_A_COMPONENT = 500;
    private static final int MOST_COMPONENTS = 4;
    private static final long SEED = 1;

    private final double[][] rows;
    private final int d;

    private MixtureFit(double[][] rows) {
        this.rows = rows;
        this.d = rows[0].length;
    }

    /**
     * One component for each {@value #IMAGES_A_COMPONENT} images, {@value #MOST_COMPONENTS} at most.
     *
     * @param rows at least one, all as long
     */
    static GaussianMixture of(double[][] rows) {
        int count = Math.clamp(rows.length / IMAGES_A_COMPONENT, 1, MOST_COMPONENTS);
        return new MixtureFit(rows).fit(count);
    }

    private GaussianMixture fit(int count) {
        double[] even = new double[rows.length];
        Arrays.fill(even, 1);
        double[] whole = covariance(even, mean(even));
        Random random = new Random(SEED);
        List<Double> weights = new ArrayList<>();
        List<Gaussian> components = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            double[] start = count == 1 ? mean(even) : rows[random.nextInt(rows.length)].clone();
            weights.add(1.0 / count);
            components.add(new Gaussian(start, whole));
        }
        GaussianMixture mixture = new GaussianMixture(weights, components);
        for (int i = 0; i < ITERATIONS; i++) {
            mixture = step(mixture);
        }
        return mixture;
    }

    private GaussianMixture step(GaussianMixture mixture) {
        int count = mixture.components().size();
        double[][] shares = new double[count][rows.length];
        for (int i = 0; i < rows.length; i++) {
            double[] logs = mixture.logs(rows[i]);
            double total = -mixture.surprisal(rows[i]);
            for (int k = 0; k < count; k++) {
                shares[k][i] = Math.exp(logs[k] - total);
            }
        }
        List<Double> weights = new ArrayList<>();
        List<Gaussian> components = new ArrayList<>();
        double all = 0;
        for (double[] own : shares) {
            all += Math.max(Double.MIN_NORMAL, sum(own));
        }
        for (double[] own : shares) {
            weights.add(Math.max(Double.MIN_NORMAL, sum(own)) / all);
            double[] mean = mean(own);
            components.add(new Gaussian(mean, covariance(own, mean)));
        }
        return new GaussianMixture(weights, components);
    }

    private double[] mean(double[] shares) {
        double[] mean = new double[d];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < d; j++) {
                mean[j] += shares[i] * rows[i][j];
            }
        }
        double total = Math.max(Double.MIN_NORMAL, sum(shares));
        for (int j = 0; j < d; j++) {
            mean[j] /= total;
        }
        return mean;
    }

    private double[] covariance(double[] shares, double[] mean) {
        double[] covariance = new double[d * d];
        double[] away = new double[d];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < d; j++) {
                away[j] = rows[i][j] - mean[j];
            }
            for (int j = 0; j < d; j++) {
                for (int k = 0; k < d; k++) {
                    covariance[j * d + k] += shares[i] * away[j] * away[k];
                }
            }
        }
        double total = Math.max(Double.MIN_NORMAL, sum(shares));
        for (int j = 0; j < d * d; j++) {
            covariance[j] = covariance[j] / total + (j % (d + 1) == 0 ? RIDGE : 0);
        }
        return covariance;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
