package io.surprisal.detector.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.Blank;
import io.surprisal.detector.TinyModel;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.statistic.SerialCorrelation.Direction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What can go wrong: a sign, a standard deviation taken for a variance, a statistic that scores what the model did not
 * give.
 */
class StatisticTest {

    /** Two dimensions: s = (1, 3), H = (1.5, 1), Var = (0.75, 1.5). */
    private static final Conditionals EXAMPLE = new Conditionals(
            Blank.images(1, 2), new float[] {-1, -3}, new float[] {1.5f, 1}, new float[] {0.75f, 1.5f}, null);

    private static final Conditionals LIKELIHOOD_ONLY =
            new Conditionals(Blank.images(1, 2), new float[] {-1, -3}, null, null, null);

    @Test
    void theValuesAreThoseOfTheFormulas() {
        // 4 nats over 2 dimensions; (4 − 2.5) / √2.25 = 1.
        double bits = 2 / Math.log(2);
        assertThat(new BitsPerDimension().of(EXAMPLE, 0)).isCloseTo(bits, within(1e-12));
        assertThat(new Typicality(bits + 0.25).of(EXAMPLE, 0)).isCloseTo(0.25, within(1e-12));
        assertThat(new StandardisedSurprisal().of(EXAMPLE, 0)).isCloseTo(1, within(1e-12));
        assertThat(new TwoSidedStandardisedSurprisal(3).of(EXAMPLE, 0)).isCloseTo(2, within(1e-12));
    }

    @Test
    void theTailIsTheMostSurprisingFiftiethAndOneDimensionAtLeast() {
        assertThat(new TailMass().of(EXAMPLE, 0)).isEqualTo(3);
        assertThat(new TailShare().of(EXAMPLE, 0)).isEqualTo(0.75);
        float[] logProb = new float[100];
        Arrays.fill(logProb, -1);
        logProb[7] = -20;
        logProb[99] = -10;
        Conditionals hundred = new Conditionals(Blank.images(1, 100), logProb, null, null, null);
        assertThat(new TailMass().of(hundred, 0)).isEqualTo(15);
        assertThat(new TailShare().of(hundred, 0)).isEqualTo(30.0 / 128);
    }

    @Test
    void weightsAreThePredictedCertainty() {
        // w = e^−1.5 and e^−1: (−0.5 w1 + 2 w2) / √(0.75 w1² + 1.5 w2²).
        double w1 = Math.exp(-1.5);
        double w2 = Math.exp(-1);
        double expected = (-0.5 * w1 + 2 * w2) / Math.sqrt(0.75 * w1 * w1 + 1.5 * w2 * w2);
        assertThat(new WeightedSurprisal().of(EXAMPLE, 0)).isCloseTo(expected, within(1e-6));
    }

    @Test
    void underTheModelTheMartingalesHaveMeanZeroAndVarianceOne() {
        // The arguments of the Javadoc, on 2,000 samples: standard errors are 1/√2000 = 0.022 and about √(2/2000) =
        // 0.032. Uniformity and
        // correlation divide by bounds, so their variance may be less than 1.
        TinyModel tiny = new TinyModel(new ImageShape(1, 16, 16), 16, 0.3);
        Conditionals samples = evaluate(tiny, tiny.sample(2000, 21));
        for (Statistic statistic : List.of(
                new StandardisedSurprisal(),
                new WeightedSurprisal(),
                new SerialCorrelation(Direction.ROWS),
                new SerialCorrelation(Direction.COLUMNS),
                new SerialCorrelation(Direction.DIAGONALS))) {
            double[] z = scores(statistic, samples);
            double mean = Arrays.stream(z).average().orElseThrow();
            double variance = Arrays.stream(z)
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElseThrow();
            assertThat(mean).as(statistic.name()).isCloseTo(0, within(0.1));
            assertThat(variance).as(statistic.name()).isBetween(0.8, 1.15);
        }
        double uniformity =
                Arrays.stream(scores(new Uniformity(), samples)).average().orElseThrow();
        assertThat(uniformity).isBetween(-1.0, 0.1);
    }

    @Test
    void aPatchThatTheWholeImageHidesStandsOutInItsWindow() {
        // 28×28 dimensions of surprisal as expected, and a 5×5 square 4 standard deviations above.
        ImageShape shape = new ImageShape(1, 28, 28);
        float[] logProb = new float[784];
        float[] entropy = new float[784];
        float[] variance = new float[784];
        Arrays.fill(logProb, -2);
        Arrays.fill(entropy, 2);
        Arrays.fill(variance, 1);
        Conditionals plain = new Conditionals(Blank.images(1, shape), logProb.clone(), entropy, variance, null);
        for (int row = 20; row < 25; row++) {
            Arrays.fill(logProb, row * 28 + 3, row * 28 + 8, -6);
        }
        Conditionals patched = new Conditionals(Blank.images(1, shape), logProb, entropy, variance, null);
        // 25 windows' worth of 4 nats in 5·5 + 5 nats²: ½ · 100²/30 − ln 24².
        assertThat(new LocalSurprisal().of(patched, 0)).isCloseTo(10_000 / 60.0 - Math.log(576), within(1e-6));
        assertThat(new LocalSurprisal().of(plain, 0)).isCloseTo(-Math.log(18 * 18), within(1e-6));
        assertThat(new StandardisedSurprisal().of(patched, 0)).isLessThan(4);
    }

    @Test
    void aLikelihoodRatioIsSummedOverTheImageAndOverTheWindowThatSpeaksMostForTheBackground() {
        // Every dimension says half a nat for a clean image, those of a 5×5 square two nats against.
        ImageShape shape = new ImageShape(3, 28, 28);
        int area = 28 * 28;
        float[] ratio = new float[3 * area];
        Arrays.fill(ratio, -0.5f);
        Conditionals clean = background(shape, ratio.clone());
        for (int row = 20; row < 25; row++) {
            for (int channel = 0; channel < 3; channel++) {
                Arrays.fill(ratio, channel * area + row * 28 + 3, channel * area + row * 28 + 8, 2);
            }
        }
        Conditionals square = background(shape, ratio);
        assertThat(new LikelihoodRatio().of(clean, 0)).isCloseTo(-0.5 * 3 * area, within(1e-9));
        assertThat(new LikelihoodRatio().of(square, 0)).isCloseTo(-0.5 * 3 * area + 2.5 * 75, within(1e-9));
        // The smallest windows lose least to the clean image: 9 pixels of 3 channels, one of 26².
        assertThat(new LocalLikelihoodRatio().of(clean, 0)).isCloseTo(-13.5 - Math.log(26 * 26), within(1e-9));
        assertThat(new LocalLikelihoodRatio().of(square, 0)).isCloseTo(150 - Math.log(24 * 24), within(1e-9));
        assertThat(new LikelihoodRatio().applicableTo(EXAMPLE)).isFalse();
        assertThat(Statistic.names(square)).contains("likelihood-ratio", "local-likelihood-ratio");
        assertThat(Statistic.names(EXAMPLE)).doesNotContain("likelihood-ratio", "local-likelihood-ratio");
    }

    @Test
    void theWindowOfARatioIsFoundWhereverItIsAndInTheRightImage() {
        ImageShape shape = new ImageShape(1, 6, 9);
        for (int at = 0; at < 54; at++) {
            float[] ratio = new float[108];
            ratio[54 + at] = 30;
            Conditionals two = new Conditionals(
                    Levels.concat(List.of(Blank.images(1, shape), Blank.images(1, shape))),
                    new float[108],
                    null,
                    null,
                    null,
                    ratio,
                    null);
            // The image is 6 rows high: windows of side 7 are 6×7, 3 of them, and of side 11 the whole image.
            assertThat(new LocalLikelihoodRatio().of(two, 1)).as("at %d", at).isCloseTo(30, within(1e-9));
            assertThat(new LocalLikelihoodRatio().of(two, 0)).isCloseTo(0, within(1e-9));
        }
    }

    private static Conditionals background(ImageShape shape, float[] ratio) {
        return new Conditionals(Blank.images(1, shape), new float[ratio.length], null, null, null, ratio, null);
    }

    @Test
    void neighboursThatErrTogetherAreCorrelatedAndThoseThatErrApartAreNot() {
        ImageShape shape = new ImageShape(1, 4, 4);
        float[] entropy = new float[16];
        Arrays.fill(entropy, 20); // e^−40 is nothing: the variance is 1/12
        float[] stripes = new float[16];
        for (int i = 0; i < 16; i++) {
            stripes[i] = i / 4 % 2 == 0 ? 0.9f : 0.1f;
        }
        Conditionals striped = new Conditionals(Blank.images(1, shape), new float[16], entropy, null, stripes);
        // 12 pairs of 0.4 · ±0.4 over √(12 · 0.16 / 12); 18 diagonal pairs.
        assertThat(new SerialCorrelation(Direction.ROWS).of(striped, 0)).isCloseTo(12 * 0.16 / 0.4, within(1e-5));
        assertThat(new SerialCorrelation(Direction.COLUMNS).of(striped, 0)).isCloseTo(-12 * 0.16 / 0.4, within(1e-5));
        assertThat(new SerialCorrelation(Direction.DIAGONALS).of(striped, 0))
                .isCloseTo(-18 * 0.16 / Math.sqrt(18 * 0.16 / 12), within(1e-5));
        assertThat(new SerialCorrelation(Direction.CHANNELS).applicableTo(striped))
                .isFalse();
        // 12 · 0.16 − 1 = 0.92 each, over √0.8 each.
        assertThat(new Uniformity().of(striped, 0)).isCloseTo(16 * 0.92 / Math.sqrt(0.8 * 16), within(1e-4));
    }

    @Test
    void theTableOfTheExponentialIsTheExponential() {
        for (double x = 0; x < 40; x += 0.00137) {
            assertThat(Decay.of(x)).isCloseTo(Math.exp(-x), within(3e-9));
        }
        assertThat(Decay.of(-1e-4)).isEqualTo(1);
    }

    @Test
    void coloursAreNeighboursOfOnePixel() {
        ImageShape shape = new ImageShape(3, 1, 1);
        float[] entropy = {20, 20, 20};
        float[] cdf = {0.9f, 0.9f, 0.1f};
        Conditionals pixel = new Conditionals(Blank.images(1, shape), new float[3], entropy, null, cdf);
        assertThat(new SerialCorrelation(Direction.CHANNELS).of(pixel, 0)).isCloseTo(0, within(1e-6));
        assertThat(new SerialCorrelation(Direction.ROWS).of(pixel, 0)).isZero();
    }

    private static double[] scores(Statistic statistic, Conditionals conditionals) {
        return IntStream.range(0, conditionals.count())
                .mapToDouble(image -> statistic.of(conditionals, image))
                .toArray();
    }

    private static Conditionals evaluate(TinyModel tiny, Levels images) {
        try (OnnxDensityModel model = OnnxDensityModel.of(
                tiny.onnx().toByteArray(), tiny.shape(), tiny.levels(), SessionSettings.defaults())) {
            return model.evaluate(images);
        }
    }

    @Test
    void aModelThatIsCertainIsRightOrInfinitelyWrong() {
        float[] nothing = {0};
        Conditionals right = new Conditionals(Blank.images(1, 1), new float[] {0}, nothing, nothing, null);
        Conditionals wrong =
                new Conditionals(Blank.images(1, 1), new float[] {Float.NEGATIVE_INFINITY}, nothing, nothing, null);
        for (Statistic statistic : List.of(new StandardisedSurprisal(), new WeightedSurprisal())) {
            assertThat(statistic.of(right, 0)).isZero();
            assertThat(statistic.of(wrong, 0)).isEqualTo(Double.POSITIVE_INFINITY);
        }
        assertThat(new LocalSurprisal().of(wrong, 0)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(new TailMass().of(wrong, 0)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(new TailShare().of(wrong, 0)).isEqualTo(1);
        assertThat(new TailShare().of(right, 0)).isZero();
        assertThat(new InputComplexity().of(wrong, 0)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void whatNeedsEntropiesIsNotApplicableWithoutThem() {
        assertThat(Statistic.names(EXAMPLE))
                .containsExactly(
                        "bits-per-dimension",
                        "typicality",
                        "standardised-surprisal",
                        "standardised-surprisal-two-sided",
                        "weighted-surprisal",
                        "local-surprisal",
                        "tail-mass",
                        "tail-share",
                        "input-complexity",
                        "combined");
        assertThat(Statistic.names(LIKELIHOOD_ONLY))
                .containsExactly(
                        "bits-per-dimension", "typicality", "tail-mass", "tail-share", "input-complexity", "combined");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StandardisedSurprisal().of(LIKELIHOOD_ONLY, 0))
                .withMessageContaining("expected a model with the outputs entropy and surprisal_variance");
    }

    @Test
    void aStatisticIsItsNameAndItsParameters() {
        List<Statistic> all = new ArrayList<>(Measured.all());
        all.add(new Typicality(2.5));
        all.add(new TwoSidedStandardisedSurprisal(-0.3));
        all.add(Combined.fit(
                List.of(new BitsPerDimension(), new TailMass()),
                List.of(new double[] {1, 2}, new double[] {2, 1}, new double[] {3, 5})));
        assertThat(all.stream().map(Statistic::name)).containsExactlyInAnyOrderElementsOf(Statistic.ALL);
        assertThat(all)
                .allSatisfy(statistic -> assertThat(Statistic.of(statistic.name(), statistic.parameters()))
                        .isEqualTo(statistic));
    }

    @Test
    void unknownNamesAndBadParametersAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Statistic.of("magic", Map.of()))
                .withMessageEndingWith("found magic");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Statistic.of("typicality", Map.of()))
                .withMessage("typicality: expected a parameter meanBitsPerDimension, found []");
        assertThatIllegalArgumentException().isThrownBy(() -> new Typicality(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> new TwoSidedStandardisedSurprisal(Double.NaN));
    }
}
