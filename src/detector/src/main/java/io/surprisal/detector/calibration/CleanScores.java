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

    Calibration calibrate(CalibrationSource source) {
        double[] b = bits.build().toArray();
        if (b.length != source.images()) {
            throw new IllegalArgumentException(
                    "expected the " + source.images() + " images of the calibration split, found " + b.length);
        }
        Map<Statistic, ReferenceScores> scores = new LinkedHashMap<>();
        scores.put(BITS, ReferenceScores.of(b));
        Typicality typicality =
                new Typicality(Arrays.stream(half(b, 0)).average().orElseThrow());
        scores.put(typicality, reference(b, typicality::of));
        if (applicable) {
            double[] z = standardised.build().toArray();
            scores.put(STANDARDISED, ReferenceScores.of(z));
            TwoSidedStandardisedSurprisal twoSided = new TwoSidedStandardisedSurprisal(median(half(z, 0)));
            scores.put(twoSided, reference(z, twoSided::of));
        }
        return Calibration.of(source, scores);
    }

    /** The scores of the images that were not fitted on. */
    private static ReferenceScores reference(double[] values, DoubleUnaryOperator score) {
        return ReferenceScores.of(Arrays.stream(half(values, 1)).map(score).toArray());
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
