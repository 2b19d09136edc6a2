package io.surprisal.detector.statistic;

import java.util.Arrays;

/** A normal distribution in d dimensions. Immutable. */
final class Gaussian {

    private final double[] mean;
    private final double[] covariance;
    private final double[] precision;
    private final double logNormaliser;

    /**
     * @param mean d numbers
     * @param covariance d·d numbers, symmetric and positive definite
     * @throws IllegalArgumentException when it is not
     */
    Gaussian(double[] mean, double[] covariance) {
        int d = mean.length;
        double[] root = cholesky(covariance, d);
        double logDeterminant = 0;
        for (int i = 0; i < d; i++) {
            logDeterminant += 2 * Math.log(root[i * d + i]);
        }
        this.mean = mean;
        this.covariance = covariance;
        this.precision = inverse(root, d);
        this.logNormaliser = -0.5 * (logDeterminant + d * Math.log(2 * Math.PI));
    }

    double[] mean() {
        return mean.clone();
    }

    double[] covariance() {
        return covariance.clone();
    }

    double logDensity(double[] y) {
        double square = 0;
        int d = mean.length;
        for (int i = 0; i < d; i++) {
            double row = 0;
            for (int j = 0; j < d; j++) {
                row += precision[i * d + j] * (y[j] - mean[j]);
            }
            square += row * (y[i] - mean[i]);
        }
        return logNormaliser - square / 2;
    }

    /** How far one coordinate lies from what the others let expect of it, in conditional standard deviations. */
    double deviation(double[] y, int coordinate) {
        int d = mean.length;
        double row = 0;
        for (int j = 0; j < d; j++) {
            row += precision[coordinate * d + j] * (y[j] - mean[j]);
        }
        return row / Math.sqrt(precision[coordinate * d + coordinate]);
    }

    /** Lower triangular L with L·Lᵀ = a. */
    private static double[] cholesky(double[] a, int d) {
        double[] l = new double[d * d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = a[i * d + j];
                for (int k = 0; k < j; k++) {
                    sum -= l[i * d + k] * l[j * d + k];
                }
                if (i == j && !(sum > 0)) {
                    throw new IllegalArgumentException(
                            "expected a positive definite covariance, found " + Arrays.toString(a));
                }
                l[i * d + j] = i == j ? Math.sqrt(sum) : sum / l[j * d + j];
            }
        }
        return l;
    }

    /** (L·Lᵀ)⁻¹, column by column: forward, then backward substitution. */
    private static double[] inverse(double[] l, int d) {
        double[] inverse = new double[d * d];
        for (int column = 0; column < d; column++) {
            double[] x = new double[d];
            for (int i = 0; i < d; i++) {
                double sum = i == column ? 1 : 0;
                for (int k = 0; k < i; k++) {
                    sum -= l[i * d + k] * x[k];
                }
                x[i] = sum / l[i * d + i];
            }
            for (int i = d - 1; i >= 0; i--) {
                double sum = x[i];
                for (int k = i + 1; k < d; k++) {
                    sum -= l[k * d + i] * x[k];
                }
                x[i] = sum / l[i * d + i];
            }
            for (int i = 0; i < d; i++) {
                inverse[i * d + column] = x[i];
            }
        }
        return inverse;
    }
}
