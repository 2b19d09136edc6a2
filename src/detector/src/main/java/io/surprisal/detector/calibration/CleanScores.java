package io.surprisal.detector.calibration;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.statistic.BitsPerDimension;
import io.surprisal.detector.statistic.StandardisedSurprisal;
import io.surprisal.detector.statistic.Statistic;
import io.surprisal.detector.statistic.TwoSidedStandardisedSurprisal;
import io.surprisal.detector.statistic.Typicality;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the two numbers that every statistic comes from, image by image, so that the conditionals of thousands of
 * images need not be kept: bits per dimension, and the standardised surprisal where the model has what it needs.
 */
final class CleanScores {

    private static final BitsPerDimension BITS = new BitsPerDimension();
    private static final StandardisedSurprisal STANDARDISED = new StandardisedSurprisal();

    private final DoubleStream.Builder bits = DoubleStream.builder();
    private final DoubleStream.Builder standardised = DoubleStream.builder();
    private boolean applicable = true;

    void add(Conditionals batch) {
        applicable &= STANDARDISED.applicableTo(batch);
        for (int image = 0; image < batch.count(); image++) {
            bits.add(BITS.of(batch, image));
            if (applicable) {
                standardised.add(STANDARDISED.of(batch, image));
            }
        }
    }

    /** Parameters from the even-numbered images, reference scores of the odd-numbered ones. */
    Calibration calibrate(CalibrationSource source) {
        double[] b = bits.build().toArray();
        double[] z = standardised.build().toArray();
        requireAll(source, b.length);
        return applicable
                ? calibration(source, new Parts(half(b, 0), half(b, 1), b), new Parts(half(z, 0), half(z, 1), z))
                : calibration(source, new Parts(half(b, 0), half(b, 1), b), null);
    }

    /** Parameters from other images, reference scores of all of these. */
    Calibration calibrate(CalibrationSource source, CleanScores fitting) {
        double[] b = bits.build().toArray();
        double[] z = standardised.build().toArray();
        requireAll(source, b.length);
        Parts bitsParts = new Parts(fitting.bits.build().toArray(), b, b);
        return applicable && fitting.applicable
                ? calibration(
                        source,
                        bitsParts,
                        new Parts(fitting.standardised.build().toArray(), z, z))
                : calibration(source, bitsParts, null);
    }

    private static void requireAll(CalibrationSource source, int found) {
        if (found != source.images()) {
            throw new IllegalArgumentException(
                    "expected the " + source.images() + " images of the calibration split, found " + found);
        }
    }

    /**
     * Scores of one kind.
     *
     * @param fitted of the images that parameters are fitted to
     * @param ranked of the images behind the reference scores of a fitted statistic
     * @param all of the images behind the reference scores of a statistic that nothing is fitted for
     */
    private record Parts(double[] fitted, double[] ranked, double[] all) {}

    private static Calibration calibration(CalibrationSource source, Parts bits, @Nullable Parts standardised) {
        Map<Statistic, ReferenceScores> scores = new LinkedHashMap<>();
        scores.put(BITS, ReferenceScores.of(bits.all));
        Typicality typicality =
                new Typicality(Arrays.stream(bits.fitted).average().orElseThrow());
        scores.put(typicality, reference(bits.ranked, typicality::of));
        if (standardised != null) {
            scores.put(STANDARDISED, ReferenceScores.of(standardised.all));
            TwoSidedStandardisedSurprisal twoSided = new TwoSidedStandardisedSurprisal(median(standardised.fitted));
            scores.put(twoSided, reference(standardised.ranked, twoSided::of));
        }
        return Calibration.of(source, scores);
    }

    private static ReferenceScores reference(double[] values, DoubleUnaryOperator score) {
        return ReferenceScores.of(Arrays.stream(values).map(score).toArray());
    }

    private static double[] half(double[] values, int parity) {
        return IntStream.range(0, values.length)
                .filter(i -> i % 2 == parity)
                .mapToDouble(i -> values[i])
                .toArray();
    }

    private static double median(double[] values) {
        double[] ascending = values.clone();
        Arrays.sort(ascending);
        int middle = ascending.length / 2;
        return ascending.length % 2 == 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
    }
}
