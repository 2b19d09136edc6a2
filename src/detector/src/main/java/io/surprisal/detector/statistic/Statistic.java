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
 * {@code calibration.json}. Many at once are cheapest through {@link Panel}.
 */
public sealed interface Statistic permits Measured, Fitted {

    /** As in {@code calibration.json} and on the wire. */
    String name();

    /** What the number is, in words that follow "its": {@code standardised surprisal}. */
    String words();

    /** Whether only large values are suspicious, and not also values far below those of clean images. */
    boolean oneSided();

    /** What an image with a large value is more of than others. */
    default String adjective() {
        return oneSided() ? "surprising" : "untypical";
    }

    /** Whether the model gave what the statistic needs. */
    boolean applicableTo(Conditionals conditionals);

    /**
     * The score of one image.
     *
     * @param image which image of the batch, 0..N−1
     * @throws IllegalArgumentException when not {@linkplain #applicableTo applicable}
     */
    default double of(Conditionals conditionals, int image) {
        return of(new ImageConditionals(conditionals, image));
    }

    /**
     * The same.
     *
     * @throws IllegalArgumentException when not {@linkplain #applicableTo applicable}
     */
    double of(ImageConditionals image);

    /** Numbers that were fitted on clean images, by name, one or a list; empty when there are none. */
    Map<String, List<Double>> parameters();

    /**
     * The inverse of {@link #name()} and {@link #parameters()}.
     *
     * @throws IllegalArgumentException when there is no such statistic, or a parameter is missing or not as it has to
     *     be
     */
    static Statistic of(String name, Map<String, List<Double>> parameters) {
        return switch (name) {
            case Typicality.NAME -> new Typicality(Parameters.number(name, parameters, Typicality.MEAN));
            case TwoSidedStandardisedSurprisal.NAME ->
                new TwoSidedStandardisedSurprisal(
                        Parameters.number(name, parameters, TwoSidedStandardisedSurprisal.MEDIAN));
            case Combined.NAME -> Combined.of(parameters);
            default ->
                Measured.all().stream()
                        .filter(statistic -> statistic.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "expected one of " + String.join(", ", ALL) + ", found " + name));
        };
    }

    /** All names, in the order of {@code calibration.json}: each fitted statistic after what it reads, the rest after that. */
    List<String> ALL = List.of(
            BitsPerDimension.NAME,
            Typicality.NAME,
            StandardisedSurprisal.NAME,
            TwoSidedStandardisedSurprisal.NAME,
            WeightedSurprisal.NAME,
            Uniformity.NAME,
            SerialCorrelation.Direction.ROWS.statistic(),
            SerialCorrelation.Direction.COLUMNS.statistic(),
            SerialCorrelation.Direction.DIAGONALS.statistic(),
            SerialCorrelation.Direction.CHANNELS.statistic(),
            LocalSurprisal.NAME,
            TailMass.NAME,
            TailShare.NAME,
            InputComplexity.NAME,
            LikelihoodRatio.NAME,
            LocalLikelihoodRatio.NAME,
            Combined.NAME);

    /** The names of the statistics for which a model with such conditionals gives enough, bits per dimension first. */
    static List<String> names(Conditionals conditionals) {
        List<String> measured =
                Measured.applicable(conditionals).stream().map(Statistic::name).toList();
        return ALL.stream()
                .filter(name -> switch (name) {
                    case Typicality.NAME, Combined.NAME -> true;
                    case TwoSidedStandardisedSurprisal.NAME -> measured.contains(StandardisedSurprisal.NAME);
                    default -> measured.contains(name);
                })
                .toList();
    }
}
