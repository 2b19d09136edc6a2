package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;
import java.util.Map;

/**
 * |Z − m|, with Z the {@link StandardisedSurprisal} and m its median over clean images: images that are more surprising
 * than the model expected of them, and images that are less so (blur, an attack that descends on the surprisal).
 *
 * @param median m; finite
 */
public record TwoSidedStandardisedSurprisal(double median) implements Statistic {

    public static final String NAME = "standardised-surprisal-two-sided";
    static final String MEDIAN = "median";
    private static final StandardisedSurprisal ONE_SIDED = new StandardisedSurprisal();

    public TwoSidedStandardisedSurprisal {
        if (!Double.isFinite(median)) {
            throw new IllegalArgumentException(NAME + ": expected a finite " + MEDIAN + ", found " + median);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String words() {
        return "distance from the median standardised surprisal of clean images";
    }

    @Override
    public boolean oneSided() {
        return false;
    }

    @Override
    public boolean applicableTo(Conditionals conditionals) {
        return ONE_SIDED.applicableTo(conditionals);
    }

    @Override
    public double of(Conditionals conditionals, int image) {
        return of(ONE_SIDED.of(conditionals, image));
    }

    /** The score of an image with this standardised surprisal. */
    public double of(double standardisedSurprisal) {
        return Math.abs(standardisedSurprisal - median);
    }

    @Override
    public Map<String, Double> parameters() {
        return Map.of(MEDIAN, median);
    }
}
