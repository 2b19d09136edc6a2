package io.surprisal.detector.calibration;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withPrecision;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.Blank;
import io.surprisal.detector.TinyModel;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.statistic.Statistic;
import io.surprisal.detector.statistic.TwoSidedStandardisedSurprisal;
import io.surprisal.detector.statistic.Typicality;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What can go wrong: clean images flagged more often than promised, because a statistic was fitted on what it is ranked
 * against.
 */
class CalibrationTest {

    private static final TinyModel TINY = new TinyModel(new ImageShape(1, 4, 4), 8, 0.5);

    @Test
    void fittedParametersComeFromTheEvenImagesAndTheirScoresFromTheOddOnes() {
        // Five one-dimensional images of 1, 10, 3, 20 and 5 bits: mean of the even ones 3, so the odd ones lie 7 and 17
        // away.
        Calibration calibration = Calibration.fit(List.of(bits(1, 10, 3), bits(20, 5)), source(5));
        assertThat(calibration.statistic("typicality"))
                .isInstanceOfSatisfying(
                        Typicality.class,
                        typicality ->
                                assertThat(typicality.meanBitsPerDimension()).isCloseTo(3, within(1e-5)));
        assertThat(calibration.of("typicality").toArray())
                .satisfies(scores -> assertThat(scores).hasSize(2))
                .satisfies(scores -> assertThat(scores[0]).isCloseTo(7, within(1e-5)))
                .satisfies(scores -> assertThat(scores[1]).isCloseTo(17, within(1e-5)));
        assertThat(calibration.of("bits-per-dimension").size()).isEqualTo(5);
    }

    @Test
    void parametersFittedOnOtherImagesLeaveEveryCalibrationImageAsAReferenceScore() {
        // Mean of the fitting images 2; the three clean ones lie 1, 1 and 6 away.
        Calibration calibration = Calibration.fit(List.of(bits(1, 3)), List.of(bits(1, 3, 8)), source(3));
        assertThat(calibration.of("typicality").toArray())
                .hasSize(3)
                .satisfies(scores -> assertThat(scores[0]).isCloseTo(1, within(1e-5)))
                .satisfies(scores -> assertThat(scores[1]).isCloseTo(1, within(1e-5)))
                .satisfies(scores -> assertThat(scores[2]).isCloseTo(6, within(1e-5)));
    }

    @Test
    void withoutEntropiesOnlyTheLikelihoodIsCalibrated() {
        Calibration calibration = Calibration.fit(List.of(bits(1, 2, 3, 4)), source(4));
        assertThat(calibration.names())
                .containsExactly(
                        "bits-per-dimension", "typicality", "tail-mass", "tail-share", "input-complexity", "combined");
        assertThat(calibration.has("standardised-surprisal")).isFalse();
        assertThatThrownBy(() -> calibration.of("standardised-surprisal"))
                .isInstanceOf(UnknownStatisticException.class)
                .hasMessage(
                        "expected one of the calibrated statistics bits-per-dimension, typicality, tail-mass, tail-share,"
                                + " input-complexity, combined, found standardised-surprisal");
    }

    @Test
    void newCleanImagesAreFlaggedAsOftenAsTheRateSays() {
        // 4,000 clean images at 5 %: the standard error of the rate is 0.34 %, that of the calibration on 2,000 is 0.49
        // % (0.69 % on half).
        try (OnnxDensityModel model = open()) {
            Levels clean = TINY.sample(2000, 31);
            Calibration calibration = Calibration.fit(model, clean, CalibrationSource.of("samples", clean));
            Conditionals fresh = model.evaluate(TINY.sample(4000, 32));
            for (Statistic statistic : calibration.statistics()) {
                long flagged = 0;
                for (int image = 0; image < fresh.count(); image++) {
                    double score = statistic.of(fresh, image);
                    if (calibration.of(statistic.name()).pValue(score).value() <= 0.05) {
                        flagged++;
                    }
                }
                assertThat(flagged / 4000.0).as(statistic.name()).isCloseTo(0.05, within(0.025));
            }
        }
    }

    @Test
    void theOrderOfBatchesAndTheirSizesDoNotMatterForTheResult() {
        try (OnnxDensityModel model = open()) {
            Levels clean = TINY.sample(101, 33);
            CalibrationSource source = CalibrationSource.of("samples", clean);
            Calibration inside = Calibration.fit(model, clean, source);
            Calibration outside = Calibration.fit(
                    List.of(model.evaluate(clean.slice(0, 7)), model.evaluate(clean.slice(7, 101))), source);
            assertThat(inside.toJson()).isEqualTo(outside.toJson());
        }
    }

    @Test
    void whatIsWrittenIsWhatIsRead() {
        try (OnnxDensityModel model = open()) {
            Levels clean = TINY.sample(50, 34);
            Calibration written = Calibration.fit(model, clean, CalibrationSource.of("a split", clean));
            Calibration read = Calibration.fromJson(written.toJson());
            assertThat(read.source()).isEqualTo(written.source());
            assertThat(read.statistics()).isEqualTo(written.statistics());
            assertThat(read.names())
                    .allSatisfy(name -> assertThat(read.of(name).toArray())
                            .containsExactly(written.of(name).toArray(), withPrecision(1e-4)));
            assertThat(read.statistic("standardised-surprisal-two-sided"))
                    .isInstanceOf(TwoSidedStandardisedSurprisal.class);
        }
    }

    @Test
    void weightsAndWhatIsAboveAllAreWrittenAndRead() {
        Calibration fitted = Calibration.fit(List.of(bits(1, 2, 3, 4)), source(4));
        ReferenceScores scores =
                ReferenceScores.weighted(new double[] {-2.5, 0, 3}, new int[] {70_000, 3, 1}, 12, 0.001);
        Calibration read = Calibration.fromJson(
                fitted.ranked(source(70_016), ranks(fitted, scores)).toJson());
        assertThat(read.source()).isEqualTo(source(70_016));
        assertThat(read.statistics()).isEqualTo(fitted.statistics()); // with their parameters
        assertThat(read.references()).allSatisfy(one -> {
            assertThat(one.toArray()).containsExactly(-2.5, 0, 3);
            assertThat(one.weights()).containsExactly(70_000, 3, 1);
            assertThat(one.above()).isEqualTo(12);
            assertThat(one.excess()).isEqualTo(0.001);
            assertThat(one.size()).isEqualTo(70_016);
        });
    }

    @Test
    void weightsOfOneAreWrittenAsPlainScores() {
        Calibration fitted = Calibration.fit(List.of(bits(1, 2, 3, 4)), source(4));
        Calibration plain = fitted.ranked(source(3), ranks(fitted, ReferenceScores.of(new double[] {3, 1, 2})));
        Calibration weighted = fitted.ranked(
                source(3),
                ranks(fitted, ReferenceScores.weighted(new double[] {1, 2, 3}, new int[] {1, 1, 1}, 0, 0.001)));
        assertThat(weighted.toJson()).isEqualTo(plain.toJson());
    }

    @Test
    void otherRanksAreThoseOfTheSameStatistics() {
        Calibration fitted = Calibration.fit(List.of(bits(1, 2, 3, 4)), source(4));
        ReferenceScores scores = ReferenceScores.of(new double[] {1});
        Map<String, ReferenceScores> without = new HashMap<>(ranks(fitted, scores));
        without.remove("typicality");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fitted.ranked(source(4), without))
                .withMessageStartingWith("expected reference scores of [bits-per-dimension, typicality");
    }

    private static Map<String, ReferenceScores> ranks(Calibration calibration, ReferenceScores scores) {
        return calibration.names().stream().collect(toMap(name -> name, name -> scores));
    }

    @Test
    void aRateHasToBeReachableForEveryStatistic() {
        try (OnnxDensityModel model = open()) {
            Levels clean = TINY.sample(100, 35);
            Calibration calibration = Calibration.fit(model, clean, CalibrationSource.of("samples", clean));
            calibration.of("bits-per-dimension").requireRate(0.01);
            calibration.requireRate(0.02);
            assertThatThrownBy(() -> calibration.requireRate(0.01))
                    .isInstanceOf(TooFewCleanImagesException.class)
                    .hasMessageContaining("needs at least 99 clean reference scores, found 50");
        }
    }

    @Test
    void theSourceHasToBeThatOfTheImages() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Calibration.fit(List.of(bits(1, 2)), source(3)))
                .withMessage("expected the 3 images of the calibration split, found 2");
        assertThatIllegalArgumentException().isThrownBy(() -> source(1));
        assertThatIllegalArgumentException().isThrownBy(() -> new CalibrationSource("x", 2, "ABC"));
    }

    private static CalibrationSource source(int images) {
        return new CalibrationSource("made up", images, "0".repeat(64));
    }

    /** One-dimensional images of so many bits. */
    private static Conditionals bits(double... bits) {
        float[] logProb = new float[bits.length];
        for (int image = 0; image < bits.length; image++) {
            logProb[image] = (float) (-bits[image] * Math.log(2));
        }
        return new Conditionals(Blank.images(bits.length, 1), logProb, null, null, null);
    }

    private static OnnxDensityModel open() {
        return OnnxDensityModel.of(TINY.onnx().toByteArray(), TINY.shape(), TINY.levels(), SessionSettings.defaults());
    }
}
