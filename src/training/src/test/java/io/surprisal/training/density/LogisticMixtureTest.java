package io.surprisal.training.density;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.weights.Tensors;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The formula against the definition in double, where float32 is in trouble: a difference of two sigmoids that are both 1, or both
 * 0, or nearly equal. What can go wrong: probabilities of 0 and gradients of NaN far from the mean, or 8 nats an image lost to
 * cancellation.
 */
class LogisticMixtureTest {

    /** Means inside, at an edge, far outside; scales from far too small (clamped at e^−7) to far too wide. */
    @ParameterizedTest
    @CsvSource({
        "0.1, -1, 256", "0.1, -7, 256", "0.1, -12, 256", "1, -7, 256", "-1, -5, 256", "1.7, -3, 256", "-1.5, -6, 256",
        "0.3, 4, 256", "30, 0, 256", "0, -20, 256", "0.2, 6.9, 256", "0.4, -1, 2", "3, -3, 2", "-0.2, -7, 2",
        "0.5, -2, 3", "0.9, -4, 16"
    })
    void massesAreThoseOfTheDefinition(float mean, float logScale, int levels) {
        float[] found = ofOneLogistic(mean, logScale, levels);
        for (int v = 0; v < levels; v++) {
            double expected = logMass(mean, logScale, v, levels);
            assertThat((double) found[v]).as("level %d", v).isCloseTo(expected, within(tolerance(expected)));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.1, -7, 256", "5, -7, 256", "-0.99, -2, 256", "0, 7, 256", "0.2, -1, 2", "-4, 0, 3"})
    void probabilitiesOfAllLevelsSumToOne(float mean, float logScale, int levels) {
        double sum = 0;
        for (float logP : ofOneLogistic(mean, logScale, levels)) {
            sum += Math.exp(logP);
        }
        assertThat(sum).isCloseTo(1, within(3e-5));
    }

    /** Two components and three channels: weights, coefficients and the order of the outputs, by the chain rule in double. */
    @Test
    void channelsDependOnThoseBeforeThroughMeansAndWeights() {
        int[] levels = {3, 200, 90};
        float[] outputs = {
            0.3f,
            -0.4f, // weights
            -0.9f,
            0.1f,
            0.5f,
            0.6f,
            -0.2f,
            -0.3f, // means
            -1f,
            -2f,
            -3f,
            -1.5f,
            -2.5f,
            -4f, // scales
            0.2f,
            -0.5f,
            1.1f,
            0.7f,
            -0.3f,
            0.4f // coefficients
        };
        double[] logWeights = {0.3, -0.4};
        double[] expected = new double[3];
        double before = Math.log(Math.exp(0.3) + Math.exp(-0.4));
        for (int c = 0; c < 3; c++) {
            double total = 0;
            for (int k = 0; k < 2; k++) {
                double mean = outputs[2 + 2 * c + k];
                if (c == 1) {
                    mean += Math.tanh(outputs[14 + k]) * scaled(levels[0]);
                } else if (c == 2) {
                    mean += Math.tanh(outputs[16 + k]) * scaled(levels[0])
                            + Math.tanh(outputs[18 + k]) * scaled(levels[1]);
                }
                logWeights[k] += logMass(mean, outputs[8 + 2 * c + k], levels[c], 256);
                total += Math.exp(logWeights[k]);
            }
            expected[c] = Math.log(total) - before;
            before = Math.log(total);
        }
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGradient = new NoGradGuard()) {
            byte[] image = {3, (byte) 200, 90};
            LogisticMixture mixture = new LogisticMixture(3, 256, 2);
            Tensor parameters = Tensors.of(outputs, 1, mixture.outputs(), 1, 1);
            float[] observed = Tensors.toFloats(mixture.observed(parameters, Tensors.ofBytes(image, 1, 3, 1, 1)));
            float[] all = Tensors.toFloats(
                    mixture.logProbabilities(parameters, Likelihood.scaled(Tensors.ofBytes(image, 1, 3, 1, 1), 256)));
            for (int c = 0; c < 3; c++) {
                assertThat((double) observed[c]).isCloseTo(expected[c], within(1e-5));
                assertThat((double) all[256 * c + levels[c]]).isCloseTo(expected[c], within(1e-5));
            }
        }
    }

    /** The exported formula is written anew in ONNX, so it is held against the same definition. */
    @ParameterizedTest
    @CsvSource({"0.1, -1", "0.1, -7", "1.7, -3", "-1.5, -6", "0.3, 4", "-1, -12", "30, 0"})
    void theExportedModelSaysTheSameOfEveryLevel(float mean, float logScale) {
        PixelCnnPlusPlus network = new PixelCnnPlusPlus(
                new ImageShape(1, 1, 1), 256, new PixelCnnPlusPlusSettings(List.of(8), List.of(1), 2, 1));
        byte[] everyLevel = new byte[256];
        double[] logP = new double[256];
        double entropy = 0;
        double second = 0;
        for (int v = 0; v < 256; v++) {
            everyLevel[v] = (byte) v;
            logP[v] = logMass(mean, logScale, v, 256);
            entropy -= Math.exp(logP[v]) * logP[v];
            second += Math.exp(logP[v]) * logP[v] * logP[v];
        }
        try (DensityModel model =
                AutoregressiveContract.export(network, AutoregressiveContract.constant(network, 0, mean, logScale))) {
            Conditionals found = model.evaluate(Levels.of(network.shape(), 256, 256, everyLevel));
            double below = 0;
            for (int v = 0; v < 256; v++) {
                assertThat((double) found.logProb()[v]).isCloseTo(logP[v], within(tolerance(logP[v])));
                assertThat((double) requireNonNull(found.entropy())[v]).isCloseTo(entropy, within(2e-4));
                assertThat((double) requireNonNull(found.surprisalVariance())[v])
                        .isCloseTo(second - entropy * entropy, within(2e-3));
                assertThat((double) requireNonNull(found.cdf())[v])
                        .isCloseTo(below + Math.exp(logP[v]) / 2, within(3e-5));
                below += Math.exp(logP[v]);
            }
        }
    }

    @Test
    void gradientsAreFiniteFarFromEveryMean() {
        try (PointerScope scope = new PointerScope()) {
            Tensor outputs = Tensors.of(new float[] {0, 0, -50, 80, -30, -7}, 1, 6, 1, 1);
            outputs.set_requires_grad(true);
            new LogisticMixture(1, 256, 2)
                    .observed(outputs, Tensors.ofBytes(new byte[] {(byte) 128}, 1, 1, 1, 1))
                    .sum()
                    .backward();
            for (float gradient : Tensors.toFloats(outputs.grad())) {
                assertThat(gradient).isFinite();
            }
        }
    }

    /** ln of the masses of all levels under a single logistic, in libtorch. */
    private static float[] ofOneLogistic(float mean, float logScale, int levels) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGradient = new NoGradGuard()) {
            Tensor outputs = Tensors.of(new float[] {0, mean, logScale}, 1, 3, 1, 1);
            Tensor image = Tensors.of(new float[] {0}, 1, 1, 1, 1);
            return Tensors.toFloats(new LogisticMixture(1, levels, 1).logProbabilities(outputs, image));
        }
    }

    /** At the smallest scale, e^−7, the 1e-7 to which float32 knows a distance on −1..1 are 1e-4 of a scale, and so of a nat. */
    private static double tolerance(double nats) {
        return 3e-4 + 1e-6 * Math.abs(nats);
    }

    private static double scaled(int level) {
        return 2 * level / 255.0 - 1;
    }

    /**
     * By definition, ln(σ((x − m + h)/s) − σ((x − m − h)/s)), in double; mirrored so that both sigmoids are in the lower tail,
     * where doubles are dense down to e^−700.
     */
    private static double logMass(double mean, double logScale, int level, int levels) {
        double s = Math.exp(Math.clamp(logScale, -7, 7));
        double x = 2.0 * level / (levels - 1) - 1;
        double h = 1.0 / (levels - 1);
        double a = level == 0 ? Double.NEGATIVE_INFINITY : (x - mean - h) / s;
        double b = level == levels - 1 ? Double.POSITIVE_INFINITY : (x - mean + h) / s;
        boolean mirror = a + b > 0;
        double low = mirror ? -b : a;
        double high = mirror ? -a : b;
        if (high < -600) { // e^z to more digits than float32 has
            return high + Math.log1p(-Math.exp(low - high));
        }
        return Math.log(sigmoid(high) - sigmoid(low));
    }

    private static double sigmoid(double z) {
        return z > 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
    }
}
