package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;
import java.util.List;
import java.util.Map;

/** A statistic that is a formula of the conditionals and nothing else: no parameters, nothing fitted. */
public sealed interface Measured extends Statistic
        permits BitsPerDimension,
                StandardisedSurprisal,
                WeightedSurprisal,
                Uniformity,
                SerialCorrelation,
                LocalSurprisal,
                TailMass,
                TailShare,
                InputComplexity,
                LikelihoodRatio,
                LocalLikelihoodRatio {

    @Override
    default boolean oneSided() {
        return true;
    }

    @Override
    default Map<String, List<Double>> parameters() {
        return Map.of();
    }

    /** All there are, bits per dimension first. */
    static List<Measured> all() {
        return List.of(
                new BitsPerDimension(),
                new StandardisedSurprisal(),
                new WeightedSurprisal(),
                new Uniformity(),
                new SerialCorrelation(SerialCorrelation.Direction.ROWS),
                new SerialCorrelation(SerialCorrelation.Direction.COLUMNS),
                new SerialCorrelation(SerialCorrelation.Direction.DIAGONALS),
                new SerialCorrelation(SerialCorrelation.Direction.CHANNELS),
                new LocalSurprisal(),
                new TailMass(),
                new TailShare(),
                new InputComplexity(),
                new LikelihoodRatio(),
                new LocalLikelihoodRatio());
    }

    /** Those for which a model with such conditionals gives enough. */
    static List<Measured> applicable(Conditionals conditionals) {
        return all().stream()
                .filter(statistic -> statistic.applicableTo(conditionals))
                .toList();
    }
}
