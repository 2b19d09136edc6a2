package io.surprisal.training.density;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.likelihood.ChainRule;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SamplerTest {
    private static final AutoregressiveNetwork GREY =
            new GatedPixelCnn(new ImageShape(1, 2, 3), 2, new GatedPixelCnnSettings(8, 1, 8, 2, List.of(1)));
    /** Its trunk runs once a pixel, and the channels follow one another in the distribution. */
    private static final AutoregressiveNetwork RGB = new PixelCnnPlusPlus(
            new ImageShape(3, 1, 2), 2, new PixelCnnPlusPlusSettings(List.of(8), List.of(1), 2, 2));

    static List<AutoregressiveNetwork> networks() {
        return List.of(GREY, RGB);
    }

    /** 64 possible images, 4,000 draws: a frequency is within 0.04 of its probability but for a chance of less than 1e-5. */
    @ParameterizedTest
    @MethodSource("networks")
    void imagesAreDrawnAsOftenAsTheModelSays(AutoregressiveNetwork network) {
        float[] weights = AutoregressiveContract.noisyWeights(network, 11);
        Levels drawn = new Sampler(network, weights).sample(4_000, 1, 1, share -> {});
        int[] counts = new int[64];
        for (int i = 0; i < drawn.count(); i++) {
            counts[code(drawn, i)]++;
        }
        try (DensityModel model = AutoregressiveContract.export(network, weights)) {
            for (int code = 0; code < 64; code++) {
                double p = Math.exp(ChainRule.of(model.evaluate(image(network.shape(), code)), 0)
                        .nats());
                assertThat(counts[code] / 4_000.0).as("image %d", code).isCloseTo(p, within(0.04));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void aSeedGivesTheSameImagesAgain(AutoregressiveNetwork network) {
        Sampler sampler = new Sampler(network, AutoregressiveContract.noisyWeights(network, 11));
        byte[] first = sampler.sample(20, 1, 5, share -> {}).data();
        assertThat(sampler.sample(20, 1, 5, share -> {}).data()).isEqualTo(first);
        assertThat(sampler.sample(20, 1, 6, share -> {}).data()).isNotEqualTo(first);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void aLowTemperatureDrawsTheLikeliestLevelOfEveryDimension(AutoregressiveNetwork network) {
        float[] weights = AutoregressiveContract.noisyWeights(network, 11);
        Levels cold = new Sampler(network, weights).sample(10, 1e-3, 2, share -> {});
        for (int i = 1; i < cold.count(); i++) {
            assertThat(code(cold, i)).isEqualTo(code(cold, 0));
        }
    }

    /** Given the first three dimensions the others have the model's own conditional: checked against all eight images that have those. */
    @ParameterizedTest
    @MethodSource("networks")
    void whatIsMissingIsDrawnGivenWhatIsKnown(AutoregressiveNetwork network) {
        float[] weights = AutoregressiveContract.noisyWeights(network, 11);
        int[] order = order(network);
        Levels known = image(network.shape(), 1 << order[0] | 1 << order[2]);
        BitSet missing = new BitSet();
        for (int t = 3; t < 6; t++) {
            missing.set(order[t]);
        }
        Levels copies = Levels.concat(Collections.nCopies(4_000, known));
        Levels drawn = new Sampler(network, weights).complete(copies, missing, 1, 7, share -> {});
        int[] counts = new int[64];
        for (int i = 0; i < drawn.count(); i++) {
            counts[code(drawn, i)]++;
        }
        try (DensityModel model = AutoregressiveContract.export(network, weights)) {
            double[] p = new double[64];
            double total = 0;
            for (int rest = 0; rest < 8; rest++) {
                int code = code(known, 0);
                for (int t = 0; t < 3; t++) {
                    code |= (rest >> t & 1) << order[3 + t];
                }
                p[code] = Math.exp(ChainRule.of(model.evaluate(image(network.shape(), code)), 0)
                        .nats());
                total += p[code];
            }
            for (int code = 0; code < 64; code++) {
                assertThat(counts[code] / 4_000.0).as("image %d", code).isCloseTo(p[code] / total, within(0.04));
            }
        }
    }

    /** The places of the dimensions in an image's levels, first the first of the chain rule. */
    private static int[] order(AutoregressiveNetwork network) {
        ImageShape s = network.shape();
        return IntStream.range(0, s.dimensions())
                .map(t -> network.order().at(t))
                .map(raster -> raster % s.channels() * s.height() * s.width() + raster / s.channels())
                .toArray();
    }

    private static int code(Levels images, int image) {
        int dimensions = images.shape().dimensions();
        int code = 0;
        for (int d = 0; d < dimensions; d++) {
            code |= images.data()[image * dimensions + d] << d;
        }
        return code;
    }

    private static Levels image(ImageShape shape, int code) {
        byte[] data = new byte[shape.dimensions()];
        for (int d = 0; d < data.length; d++) {
            data[d] = (byte) (code >> d & 1);
        }
        return Levels.of(shape, 2, 1, data);
    }
}
