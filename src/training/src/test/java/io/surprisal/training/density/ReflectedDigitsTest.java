package io.surprisal.training.density;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.likelihood.ChainRule;
import io.surprisal.detector.likelihood.DimensionOrder;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.onnx.ConditionalsCheck;
import io.surprisal.training.weights.Tensors;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What can go wrong: a digit that counts the wrong way round, a value of the shorter digit that is filled up and gets mass, moments that
 * cancel where one logit towers above the others.
 */
class ReflectedDigitsTest {

    /** Levels of the contract's tests with equal digits (4, 256), unequal ones (6, 8) and a single one (2, 3). */
    @Nested
    class OfPixelCnn extends AutoregressiveContract {
        @Override
        AutoregressiveNetwork network(ImageShape shape, int levels) {
            return new PixelCnn(shape, levels, new PixelCnnSettings(12, 3, 12, DistributionChoice.DIGITS));
        }

        @Override
        boolean seesPredecessor(ImageShape shape, int d) {
            return PixelCnnTest.isNotInTheBlindSpot(shape, d);
        }
    }

    @Nested
    class OfGatedPixelCnn extends AutoregressiveContract {
        @Override
        AutoregressiveNetwork network(ImageShape shape, int levels) {
            return gated(shape, levels);
        }
    }

    private static AutoregressiveNetwork gated(ImageShape shape, int levels) {
        return new GatedPixelCnn(
                shape, levels, new GatedPixelCnnSettings(12, 3, 12, 4, List.of(1, 2), DistributionChoice.DIGITS));
    }

    @ParameterizedTest
    @CsvSource({"256, 16, 16", "128, 8, 16", "12, 3, 4", "6, 2, 3", "254, 2, 127", "3, 1, 3", "2, 1, 2"})
    void theDigitsAreTheTwoFactorsThatAreClosest(int levels, int high, int low) {
        ReflectedDigits digits = new ReflectedDigits(3, levels);
        assertThat(digits.high()).isEqualTo(high);
        assertThat(digits.low()).isEqualTo(low);
        assertThat(digits.outputs()).isEqualTo(3 * (high + low));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 7, 127, 251})
    void aPrimeNumberOfLevelsIsRefused(int levels) {
        assertThatThrownBy(() -> new ReflectedDigits(1, levels))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "expected a number of levels that is a product, to be written as two digits, found the prime "
                                + levels);
        assertThatThrownBy(() -> gated(new ImageShape(1, 2, 2), levels)).hasMessageContaining("the prime " + levels);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 6, 12, 16, 128, 254, 256})
    void neighbouringLevelsDifferInOneDigitByOneAndNoTwoLevelsAreTheSame(int levels) {
        ReflectedDigits digits = new ReflectedDigits(1, levels);
        int[] high = digits.highDigits();
        int[] low = digits.lowDigits();
        Set<List<Integer>> pairs = new HashSet<>();
        for (int x = 0; x < levels; x++) {
            assertThat(high[x]).isBetween(0, digits.high() - 1);
            assertThat(low[x]).isBetween(0, digits.low() - 1);
            pairs.add(List.of(high[x], low[x]));
            if (x > 0) {
                int step = Math.abs(high[x] - high[x - 1]) + Math.abs(low[x] - low[x - 1]);
                assertThat(step).as("from level %d to %d", x - 1, x).isEqualTo(1);
            }
        }
        assertThat(pairs).hasSize(levels);
    }

    @Test
    void theLevelsOnBothSidesOfABoundaryShareTheirLowDigit() {
        ReflectedDigits digits = new ReflectedDigits(1, 256);
        for (int x = 15; x < 255; x += 16) {
            assertThat(digits.highDigits()[x + 1]).isEqualTo(digits.highDigits()[x] + 1);
            assertThat(digits.lowDigits()[x + 1]).isEqualTo(digits.lowDigits()[x]);
        }
        assertThat(digits.lowDigits()[127]).isZero();
        assertThat(digits.lowDigits()[128]).isZero();
    }

    /**
     * The price of independent digits is their mutual information. Laplace distributions around 65 places over two periods of the low
     * digit, the mean of each scale, in bits a dimension; in plain digits half the peaks near a boundary have a twin 16 levels off.
     */
    @ParameterizedTest
    @CsvSource({"1, 0.03, 0.23", "2, 0.06, 0.38", "4, 0.11, 0.33", "8, 0.10, 0.15", "16, 0.05, 0.05", "32, 0.02, 0.02"})
    void aBellLosesATenthOfABitAtMostAndSeveralTimesThatWithoutReflection(
            double spread, double reflected, double plain) {
        ReflectedDigits digits = new ReflectedDigits(1, 256);
        int[] plainLow = IntStream.range(0, 256).map(x -> x % 16).toArray();
        double lost = 0;
        double lostInPlainDigits = 0;
        for (int place = 0; place <= 64; place++) {
            double[] p = laplace(96 + place / 2.0, spread);
            lost += mutualInformation(p, digits.highDigits(), digits.lowDigits()) / 65;
            lostInPlainDigits += mutualInformation(p, digits.highDigits(), plainLow) / 65;
        }
        assertThat(lost).isCloseTo(reflected, within(0.01));
        assertThat(lostInPlainDigits).isCloseTo(plain, within(0.01));
    }

    private static double[] laplace(double mean, double spread) {
        double[] p = IntStream.range(0, 256)
                .mapToDouble(x -> Math.exp(-Math.abs(x - mean) / spread))
                .toArray();
        double total = Arrays.stream(p).sum();
        return Arrays.stream(p).map(mass -> mass / total).toArray();
    }

    /** Bits; the digits of a level are 0..15. */
    private static double mutualInformation(double[] p, int[] high, int[] low) {
        double[] ofHigh = new double[16];
        double[] ofLow = new double[16];
        for (int x = 0; x < p.length; x++) {
            ofHigh[high[x]] += p[x];
            ofLow[low[x]] += p[x];
        }
        double bits = 0;
        for (int x = 0; x < p.length; x++) {
            bits += p[x] == 0 ? 0 : p[x] * Math.log(p[x] / (ofHigh[high[x]] * ofLow[low[x]])) / Math.log(2);
        }
        return bits;
    }

    /** Both methods against softmaxes in double. */
    @ParameterizedTest
    @ValueSource(ints = {2, 6, 256})
    void probabilitiesAreProductsOfThoseOfTheDigits(int levels) {
        ReflectedDigits digits = new ReflectedDigits(3, levels);
        float[] logits = noise(digits.outputs(), 3, levels);
        Levels image = AutoregressiveContract.images(new ImageShape(3, 1, 1), levels, 1, levels);
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGradient = new NoGradGuard()) {
            Tensor there = Likelihood.tensor(image);
            Tensor outputs = Tensors.of(logits, 1, digits.outputs(), 1, 1);
            float[] all = Tensors.toFloats(digits.logProbabilities(outputs, Likelihood.scaled(there, levels)));
            float[] observed = Tensors.toFloats(digits.observed(outputs, there));
            for (int c = 0; c < 3; c++) {
                double[] expected = logProbabilities(digits, logits, c);
                for (int x = 0; x < levels; x++) {
                    assertThat((double) all[c * levels + x]).isCloseTo(expected[x], within(1e-5));
                }
                int x = Byte.toUnsignedInt(image.data()[c]);
                assertThat((double) observed[c]).isCloseTo(expected[x], within(1e-5));
            }
        }
    }

    /** Logits that hardly differ, that leave a few levels, and that leave one; equal and unequal digits. */
    @ParameterizedTest
    @CsvSource({"256, 0.01", "256, 1", "256, 30", "256, 1000", "6, 1", "128, 5", "2, 3"})
    void theExportedModelSaysTheSameOfEveryLevel(int levels, float spread) {
        ImageShape one = new ImageShape(1, 1, 1);
        AutoregressiveNetwork network = gated(one, levels);
        ReflectedDigits digits = (ReflectedDigits) network.distribution();
        float[] logits = noise(digits.outputs(), spread, 5);
        byte[] everyLevel = new byte[levels];
        for (int x = 0; x < levels; x++) {
            everyLevel[x] = (byte) x;
        }
        Levels images = Levels.of(one, levels, levels, everyLevel);
        double[] logP = logProbabilities(digits, logits, 0);
        double entropy = 0;
        double second = 0;
        for (double nats : logP) {
            entropy -= Math.exp(nats) * nats;
            second += Math.exp(nats) * nats * nats;
        }
        try (DensityModel model =
                AutoregressiveContract.export(network, AutoregressiveContract.constant(network, logits))) {
            Conditionals found = model.evaluate(images);
            double below = 0;
            for (int x = 0; x < levels; x++) {
                double p = Math.exp(logP[x]);
                assertThat((double) found.logProb()[x]).isCloseTo(logP[x], within(1e-5 + 1e-6 * Math.abs(logP[x])));
                assertThat((double) requireNonNull(found.entropy())[x]).isCloseTo(entropy, within(1e-5));
                assertThat((double) requireNonNull(found.surprisalVariance())[x])
                        .isCloseTo(second - entropy * entropy, within(1e-4));
                assertThat((double) requireNonNull(found.cdf())[x])
                        .as("cdf of level %d", x)
                        .isCloseTo(below + p / 2, within(1e-6));
                below += p;
            }
            assertThat(ConditionalsCheck.of(model, DimensionOrder.RASTER, images, 1)
                            .places())
                    .isOne();
        }
    }

    @Test
    void theConditionalsOfAColourImagePassTheCheckOfModelsFromElsewhere() {
        ImageShape shape = new ImageShape(3, 4, 5);
        AutoregressiveNetwork network = gated(shape, 256);
        try (DensityModel model =
                AutoregressiveContract.export(network, AutoregressiveContract.noisyWeights(network, 1))) {
            Levels images = AutoregressiveContract.images(shape, 256, 4, 2);
            assertThat(ConditionalsCheck.of(model, network.order(), images, 3).places())
                    .isEqualTo(8);
        }
    }

    /** 16 possible images, 4,000 draws: a frequency is within 0.04 of its probability but for a chance of less than 1e-5. */
    @Test
    void imagesAreDrawnAsOftenAsTheModelSays() {
        ImageShape shape = new ImageShape(1, 1, 2);
        AutoregressiveNetwork network = gated(shape, 4);
        float[] weights = AutoregressiveContract.noisyWeights(network, 11);
        Levels drawn = new Sampler(network, weights).sample(4_000, 1, 1, share -> {});
        int[] counts = new int[16];
        for (int i = 0; i < drawn.count(); i++) {
            counts[4 * drawn.data()[2 * i] + drawn.data()[2 * i + 1]]++;
        }
        try (DensityModel model = AutoregressiveContract.export(network, weights)) {
            for (int code = 0; code < 16; code++) {
                Levels image = Levels.of(shape, 4, 1, new byte[] {(byte) (code / 4), (byte) (code % 4)});
                double p = Math.exp(ChainRule.of(model.evaluate(image), 0).nats());
                assertThat(counts[code] / 4_000.0).as("image %d", code).isCloseTo(p, within(0.04));
            }
        }
    }

    /** In double, by the definition of the digits: ln p of each level of a channel. */
    private static double[] logProbabilities(ReflectedDigits digits, float[] logits, int channel) {
        int a = digits.high();
        int b = digits.low();
        int from = channel * (a + b);
        double[] logP = new double[digits.levels()];
        for (int x = 0; x < logP.length; x++) {
            int h = x / b;
            int l = h % 2 == 0 ? x % b : b - 1 - x % b;
            logP[x] = logSoftmax(logits, from, a, h) + logSoftmax(logits, from + a, b, l);
        }
        return logP;
    }

    private static double logSoftmax(float[] logits, int from, int count, int at) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < count; k++) {
            largest = Math.max(largest, logits[from + k]);
        }
        double sum = 0;
        for (int k = 0; k < count; k++) {
            sum += Math.exp(logits[from + k] - largest);
        }
        return logits[from + at] - largest - Math.log(sum);
    }

    private static float[] noise(int count, float spread, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = spread * (float) random.nextGaussian();
        }
        return values;
    }
}
