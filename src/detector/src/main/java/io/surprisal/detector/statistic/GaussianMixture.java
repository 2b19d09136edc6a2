package io.surprisal.detector.statistic;

import java.util.List;

/**
 * A mixture of normal distributions. Immutable.
 *
 * @param weights of the components, positive, sum 1
 * @param components as many
 */
record GaussianMixture(List<Double> weights, List<Gaussian> components) {

    GaussianMixture {
        weights = List.copyOf(weights);
        components = List.copyOf(components);
        if (weights.isEmpty() || weights.size() != components.size()) {
            throw new IllegalArgumentException(
                    "expected a weight for each component, found " + weights.size() + " and " + components.size());
        }
        double sum = 0;
        for (double weight : weights) {
            if (!(weight > 0)) {
                throw new IllegalArgumentException("expected positive weights, found " + weight);
            }
            sum += weight;
        }
        if (!(Math.abs(sum - 1) <= 1e-6)) {
            throw new IllegalArgumentException("expected weights that sum to 1, found " + sum);
        }
    }

    /** −ln of the density. */
    double surprisal(double[] y) {
        double[] logs = logs(y);
        double largest = Double.NEGATIVE_INFINITY;
        for (double log : logs) {
            largest = Math.max(largest, log);
        }
        double sum = 0;
        for (double log : logs) {
            sum += Math.exp(log - largest);
        }
        return -(largest + Math.log(sum));
    }

    /** The component that most likely gave the point. */
    Gaussian nearest(double[] y) {
        double[] logs = logs(y);
        int best = 0;
        for (int k = 1; k < logs.length; k++) {
            best = logs[k] > logs[best] ? k : best;
        }
        return components.get(best);
    }

    /** ln(weight · density) of each component. */
    double[] logs(double[] y) {
        double[] logs = new double[components.size()];
        for (int k = 0; k < logs.length; k++) {
            logs[k] = Math.log(weights.get(k)) + components.get(k).logDensity(y);
        }
        return logs;
    }
}
