package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;
import java.util.List;

/**
 * A statistic of measured ones, with parameters fitted on clean images. Those images must not be the ones it is then ranked against, or
 * new clean images look too extreme.
 */
public sealed interface Fitted extends Statistic permits Typicality, TwoSidedStandardisedSurprisal, Combined {

    /** What it reads, in the order {@link #of(double[])} takes them. */
    List<Measured> inputs();

    /**
     * The score of an image whose inputs have these values.
     *
     * @param inputs as many as {@link #inputs()}; NaN gives NaN
     */
    double of(double[] inputs);

    @Override
    default boolean oneSided() {
        return false;
    }

    @Override
    default boolean applicableTo(Conditionals conditionals) {
        return inputs().stream().allMatch(input -> input.applicableTo(conditionals));
    }

    @Override
    default double of(ImageConditionals image) {
        return of(inputs().stream().mapToDouble(input -> input.of(image)).toArray());
    }
}
