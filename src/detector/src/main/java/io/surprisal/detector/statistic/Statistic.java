package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;
import java.util.List;
import java.util.Map;

/**
 * One number of suspicion for one image, out of one evaluation of the density model.
 *
 * <p>Larger is more suspicious, for every statistic; the number has no meaning beyond its rank among the scores of
 * clean images. +∞ is a score (an impossible image); NaN is none and counts as the most suspicious of all. Statistics
 * are values: immutable, safe for use by many threads, and their fitted parameters, if any, are those of
 * {@code calibration.json}.
 */
public sealed interface Statistic
        permits BitsPerDimension, Typicality, StandardisedSurprisal, TwoSidedStandardisedSurprisal {

    /** As in {@code calibration.json} and on the wire. */
    String name();

    /** What the number is, in words that follow "its": {@code standardised surprisal}. */
    String words();

    /** Whether only surprising images score high, and not also those that are too likely. */
    boolean oneSided();

    /** Whether the model gave what the statistic needs. */
    boolean applicableTo(Conditionals conditionals);

    /**
     * The score of one image.
     *
     * @param image which image of the batch, 0..N−1
     * @throws IllegalArgumentException when not {@linkplain #applicableTo applicable}
     */
    double of(Conditionals conditionals, int image);

    /** Numbers that were fitted on clean images, by name; empty when there are none. */
    Map<String, Double> parameters();

    /**
     * The inverse of {@link #name()} and {@link #parameters()}.
     *
     * @throws IllegalArgumentException when there is no such statistic, or a parameter is missing or not a finite
     *     number
     */
    static Statistic of(String name, Map<String, Double> parameters) {
        return switch (name) {
            case BitsPerDimension.NAME -> new BitsPerDimension();
            case Typicality.NAME -> new Typicality(parameter(name, parameters, Typicality.MEAN));
            case StandardisedSurprisal.NAME -> new StandardisedSurprisal();
            case TwoSidedStandardisedSurprisal.NAME ->
                new TwoSidedStandardisedSurprisal(parameter(name, parameters, TwoSidedStandardisedSurprisal.MEDIAN));
            default ->
                throw new IllegalArgumentException("expected one of " + BitsPerDimension.NAME + ", " + Typicality.NAME
                        + ", " + StandardisedSurprisal.NAME + ", " + TwoSidedStandardisedSurprisal.NAME + ", found "
                        + name);
        };
    }

    /** The names of the statistics for which a model with such conditionals gives enough, bits per dimension first. */
    static List<String> names(Conditionals conditionals) {
        List<Statistic> all = List.of(
                new BitsPerDimension(),
                new Typicality(0),
                new StandardisedSurprisal(),
                new TwoSidedStandardisedSurprisal(0));
        return all.stream()
                .filter(statistic -> statistic.applicableTo(conditionals))
                .map(Statistic::name)
                .toList();
    }

    private static double parameter(String statistic, Map<String, Double> parameters, String parameter) {
        Double value = parameters.get(parameter);
        if (value == null) {
            throw new IllegalArgumentException(
                    statistic + ": expected a parameter " + parameter + ", found " + parameters.keySet());
        }
        return value;
    }
}
