package io.surprisal.detector.statistic;

import java.util.List;
import java.util.Map;

/**
 * |Z − m|, with Z the {@link StandardisedSurprisal} and m its median over clean images: images that are more surprising
 * than the model expected of them, and images that are less so (blur, an attack that descends on the surprisal).
 *
 * @param median m; finite
 */
public record TwoSidedStandardisedSurprisal(double median) implements Fitted {

    public static final String NAME = "standardised-surprisal-two-sided";
    static final String MEDIAN = "median";

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
    public List<Measured> inputs() {
        return List.of(new StandardisedSurprisal());
    }

    @Override
    public double of(double[] inputs) {
        return of(inputs[0]);
    }

    /** The score of an image with this standardised surprisal. */
    public double of(double standardisedSurprisal) {
        return Math.abs(standardisedSurprisal - median);
    }

    @Override
    public Map<String, List<Double>> parameters() {
        return Map.of(MEDIAN, List.of(median));
    }
}
