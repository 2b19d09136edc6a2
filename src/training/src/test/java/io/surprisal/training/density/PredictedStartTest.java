package io.surprisal.training.density;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.weights.Tensors;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can go wrong: a tap of the prediction off by one, a ramp that runs the other way, the prediction of another channel. */
class PredictedStartTest {
    private static final double SPREAD_LEVELS = 255 / 48.0;

    /**
     * Images that are level but for their border, where the prediction is the level: the marginals of a Laplace distribution around it,
     * by their definition in double. Ramps interpolate between corners four levels apart, and there is noise; a uniform
     * distribution is 2.1 nats away, a bell eight levels off 0.7.
     */
    @ParameterizedTest
    @CsvSource({"1, 128", "1, 40", "1, 215", "3, 128", "3, 90", "3, 160"})
    void aFlatImageIsGivenABellAroundItsLevel(int channels, int level) {
        ImageShape shape = new ImageShape(channels, 8, 8);
        byte[] data = new byte[shape.dimensions()];
        Arrays.fill(data, (byte) level);
        float[] found = conditional(network(shape), Levels.of(shape, 256, 1, data), 5, 4, channels - 1);
        double[] expected = marginals(level);
        double divergence = 0;
        for (int x = 0; x < 256; x++) {
            divergence += Math.exp(expected[x]) * (expected[x] - found[x]);
        }
        assertThat(divergence).as("nats from what is expected").isBetween(-1e-3, 0.3);
    }

    /** An edge between two levels: green and blue follow red by nine tenths of what a line through the neighbours missed. */
    @Test
    void aChannelFollowsTheSurpriseOfTheOneBefore() {
        ImageShape shape = new ImageShape(3, 8, 8);
        byte[] data = new byte[shape.dimensions()];
        Arrays.fill(data, (byte) 100);
        int red = 5 * 8 + 4;
        data[red] = (byte) 140; // what comes later in raster order has no influence
        Levels image = Levels.of(shape, 256, 1, data);
        assertThat(mean(conditional(network(shape), image, 5, 4, 0))).isCloseTo(100, within(3.0));
        assertThat(mean(conditional(network(shape), image, 5, 4, 1))).isCloseTo(136, within(3.0));
    }

    /** Left, above, and the corner between: a ramp goes on as a ramp. */
    @Test
    void aRampIsExpectedToGoOn() {
        ImageShape shape = new ImageShape(1, 8, 8);
        byte[] data = new byte[64];
        for (int i = 0; i < 64; i++) {
            data[i] = (byte) (60 + 6 * (i / 8) + 10 * (i % 8));
        }
        // ¾ left + ¾ above − ½ above left: a quarter of the step across and a quarter of the step down are missing.
        double expected = Byte.toUnsignedInt(data[5 * 8 + 4]) - 0.25 * 6 - 0.25 * 10;
        float[] found = conditional(network(shape), Levels.of(shape, 256, 1, data), 5, 4, 0);
        assertThat(mean(found)).isCloseTo(expected, within(3.0));
    }

    private static AutoregressiveNetwork network(ImageShape shape) {
        return new PixelCnn(shape, 256, new PixelCnnSettings(24, 2, 64 * shape.channels(), DistributionChoice.DIGITS));
    }

    private static float[] conditional(AutoregressiveNetwork network, Levels image, int row, int column, int channel) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGradient = new NoGradGuard()) {
            float[] weights = network.parameters().initial(1);
            TorchOperations operations =
                    new TorchOperations(network.parameters().view(Tensors.of(weights, weights.length)));
            float[] all = Tensors.toFloats(new Likelihood(network)
                    .logProbabilities(operations, Likelihood.scaled(Likelihood.tensor(image), 256)));
            int at = ((row * network.shape().width() + column) * network.shape().channels() + channel) * 256;
            return Arrays.copyOfRange(all, at, at + 256);
        }
    }

    /** ln p(h) p(l') where x has a Laplace distribution around a level. */
    private static double[] marginals(int level) {
        ReflectedDigits digits = new ReflectedDigits(1, 256);
        double[] high = new double[16];
        double[] low = new double[16];
        double total = 0;
        for (int x = 0; x < 256; x++) {
            double mass = Math.exp(-Math.abs(x - level) / SPREAD_LEVELS);
            high[digits.highDigits()[x]] += mass;
            low[digits.lowDigits()[x]] += mass;
            total += mass;
        }
        double[] logP = new double[256];
        for (int x = 0; x < 256; x++) {
            logP[x] = Math.log(high[digits.highDigits()[x]] / total) + Math.log(low[digits.lowDigits()[x]] / total);
        }
        return logP;
    }

    private static double mean(float[] logP) {
        double mean = 0;
        for (int x = 0; x < logP.length; x++) {
            mean += Math.exp(logP[x]) * x;
        }
        return mean;
    }
}
