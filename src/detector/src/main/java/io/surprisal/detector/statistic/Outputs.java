package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;

/** The optional outputs of a model, for statistics that cannot do without. */
final class Outputs {

    private Outputs() {}

    /** Whether the model gives the entropy and the variance of the surprisal. */
    static boolean haveMoments(Conditionals conditionals) {
        return conditionals.entropy() != null && conditionals.surprisalVariance() != null;
    }

    static float[] entropy(String statistic, Conditionals conditionals) {
        float[] values = conditionals.entropy();
        if (values == null) {
            throw missing(statistic, "outputs entropy and surprisal_variance");
        }
        return values;
    }

    static float[] surprisalVariance(String statistic, Conditionals conditionals) {
        float[] values = conditionals.surprisalVariance();
        if (values == null) {
            throw missing(statistic, "outputs entropy and surprisal_variance");
        }
        return values;
    }

    static float[] cdf(String statistic, Conditionals conditionals) {
        float[] values = conditionals.cdf();
        if (values == null) {
            throw missing(statistic, "output cdf");
        }
        return values;
    }

    static float[] backgroundLogRatio(String statistic, Conditionals conditionals) {
        float[] values = conditionals.backgroundLogRatio();
        if (values == null) {
            throw missing(statistic, "output background_log_ratio");
        }
        return values;
    }

    private static IllegalArgumentException missing(String statistic, String outputs) {
        return new IllegalArgumentException(
                statistic + ": expected a model with the " + outputs + ", found one without");
    }
}
