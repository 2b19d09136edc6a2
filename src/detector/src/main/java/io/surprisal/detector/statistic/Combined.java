package io.surprisal.detector.statistic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All measured statistics read together, fitted on clean images alone: how improbable their combination is, on either side.
 *
 * <p>Each is brought to normal scores; a mixture of up to four normal distributions describes clean images in that space (several, since
 * a shoe and a shirt are clean in different ways); an image's joint improbability is −ln of that density, brought to normal scores too. The
 * number is the largest of it and of the scores of those that alone see what a dozen ordinary numbers around them would hide: {@link TailMass} and
 * {@link Uniformity}, or, where there is a background, {@link LikelihoodRatio} and {@link LocalLikelihoodRatio}, which see the same and more. One-class
 * in the sense of Markou and Singh 2003: no attack is used.
 *
 * <p>Larger is more suspicious; about 3 for the most unusual hundredth of clean images before calibration, which is what makes the
 * rate exact. NaN when an input is NaN.
 */
public final class Combined implements Fitted {

    public static final String NAME = "combined";
    private static final String QUANTILES = "quantiles.";
    private static final String JOINT = "joint";
    private static final String WEIGHTS = "weights";
    private static final String MEAN = "mean.";
    private static final String COVARIANCE = "covariance.";
    private static final Set<String> ALONE = Set.of(TailMass.NAME, Uniformity.NAME);
    private static final Set<String> ALONE_BESIDE_A_BACKGROUND =
            Set.of(LikelihoodRatio.NAME, LocalLikelihoodRatio.NAME);
    private static final int DRIVERS = 2;

    private final List<Measured> inputs;
    private final List<NormalScores> marginals;
    private final GaussianMixture mixture;
    private final NormalScores joint;
    private final boolean[] alone;

    private Combined(List<Measured> inputs, List<NormalScores> marginals, GaussianMixture mixture, NormalScores joint) {
        this.inputs = List.copyOf(inputs);
        this.marginals = List.copyOf(marginals);
        this.mixture = mixture;
        this.joint = joint;
        this.alone = new boolean[inputs.size()];
        List<String> names = inputs.stream().map(Measured::name).toList();
        Set<String> outstanding = names.containsAll(ALONE_BESIDE_A_BACKGROUND) ? ALONE_BESIDE_A_BACKGROUND : ALONE;
        for (int i = 0; i < alone.length; i++) {
            alone[i] = outstanding.contains(names.get(i));
        }
    }

    /**
     * Fits.
     *
     * @param inputs what to combine, at least one
     * @param clean for each of at least one clean image their values, finite
     */
    public static Combined fit(List<Measured> inputs, List<double[]> clean) {
        if (inputs.isEmpty() || clean.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected statistics and clean images, found " + inputs.size() + " and " + clean.size());
        }
        List<NormalScores> marginals = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            int column = i;
            marginals.add(NormalScores.fit(
                    inputs.get(i).name(),
                    clean.stream().mapToDouble(row -> row[column]).toArray()));
        }
        double[][] rows = clean.stream().map(row -> scores(marginals, row)).toArray(double[][]::new);
        GaussianMixture mixture = MixtureFit.of(rows);
        double[] surprisals =
                Arrays.stream(rows).mapToDouble(mixture::surprisal).toArray();
        return new Combined(inputs, marginals, mixture, NormalScores.fit(JOINT, surprisals));
    }

    static Combined of(Map<String, List<Double>> parameters) {
        List<Measured> inputs = Measured.all().stream()
                .filter(statistic -> parameters.containsKey(QUANTILES + statistic.name()))
                .toList();
        int d = inputs.size();
        List<NormalScores> marginals = inputs.stream()
                .map(input ->
                        NormalScores.of(input.name(), Parameters.array(NAME, parameters, QUANTILES + input.name())))
                .toList();
        double[] weights = Parameters.array(NAME, parameters, WEIGHTS);
        List<Gaussian> components = IntStream.range(0, weights.length)
                .mapToObj(k -> new Gaussian(
                        Parameters.array(NAME, parameters, MEAN + k, d),
                        Parameters.array(NAME, parameters, COVARIANCE + k, d * d)))
                .toList();
        return new Combined(
                inputs,
                marginals,
                new GaussianMixture(Arrays.stream(weights).boxed().toList(), components),
                NormalScores.of(JOINT, Parameters.array(NAME, parameters, JOINT)));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String words() {
        return "improbability of all statistics together";
    }

    @Override
    public List<Measured> inputs() {
        return inputs;
    }

    @Override
    public double of(double[] values) {
        double[] scores = scores(marginals, values);
        for (double score : scores) {
            if (Double.isNaN(score)) {
                return Double.NaN;
            }
        }
        double largest = joint.of(mixture.surprisal(scores));
        for (int i = 0; i < scores.length; i++) {
            largest = alone[i] ? Math.max(largest, scores[i]) : largest;
        }
        return largest;
    }

    /** A statistic that made an image suspicious, and on which side. */
    public record Driver(Statistic statistic, boolean high) {}

    /**
     * What the number comes from, first the most: the statistic that alone is larger than the joint improbability, or else the two that
     * lie furthest from what the others let expect of them, in the component the image is nearest to. Empty when an input is NaN.
     */
    public List<Driver> drivers(double[] values) {
        double number = of(values);
        if (Double.isNaN(number)) {
            return List.of();
        }
        double[] scores = scores(marginals, values);
        if (joint.of(mixture.surprisal(scores)) < number) {
            return IntStream.range(0, scores.length)
                    .filter(i -> alone[i] && scores[i] == number)
                    .mapToObj(i -> new Driver(inputs.get(i), true))
                    .toList();
        }
        Gaussian nearest = mixture.nearest(scores);
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -Math.abs(nearest.deviation(scores, i))))
                .limit(DRIVERS)
                .map(i -> new Driver(inputs.get(i), nearest.deviation(scores, i) > 0))
                .toList();
    }

    @Override
    public Map<String, List<Double>> parameters() {
        Map<String, List<Double>> parameters = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            parameters.put(QUANTILES + inputs.get(i).name(), marginals.get(i).quantiles());
        }
        parameters.put(WEIGHTS, mixture.weights());
        for (int k = 0; k < mixture.components().size(); k++) {
            parameters.put(MEAN + k, list(mixture.components().get(k).mean()));
            parameters.put(COVARIANCE + k, list(mixture.components().get(k).covariance()));
        }
        parameters.put(JOINT, joint.quantiles());
        return parameters;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Combined that && parameters().equals(that.parameters());
    }

    @Override
    public int hashCode() {
        return parameters().hashCode();
    }

    @Override
    public String toString() {
        return NAME + inputs;
    }

    private static double[] scores(List<NormalScores> marginals, double[] values) {
        double[] scores = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            scores[i] = marginals.get(i).of(values[i]);
        }
        return scores;
    }

    private static List<Double> list(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
