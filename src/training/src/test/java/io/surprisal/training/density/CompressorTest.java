package io.surprisal.training.density;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.likelihood.LogLikelihood;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CompressorTest {
    private static final int IMAGES = 12;

    static List<AutoregressiveNetwork> networks() {
        return List.of(
                new GatedPixelCnn(new ImageShape(1, 7, 6), 256, new GatedPixelCnnSettings(8, 2, 8, 2, List.of(1))),
                new PixelCnn(new ImageShape(1, 6, 7), 2, new PixelCnnSettings(8, 2, 8)),
                new PixelCnnPlusPlus(
                        new ImageShape(3, 4, 5), 256, new PixelCnnPlusPlusSettings(List.of(8), List.of(1), 2, 2)));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void imagesComeBackAndTheirCodeIsAsLongAsTheirLikelihoodSays(AutoregressiveNetwork network) {
        float[] weights = AutoregressiveContract.noisyWeights(network, 3);
        Compressor compressor = new Compressor(network, weights);
        Levels images = new Sampler(network, weights).sample(IMAGES, 1, 4, share -> {});
        Compressor.Compressed compressed = compressor.compress(images, share -> {});
        assertThat(compressor.decompress(compressed.code(), IMAGES, share -> {}).data())
                .isEqualTo(images.data());
        double nats = -Likelihood.of(network, weights, images).stream()
                .mapToDouble(LogLikelihood::nats)
                .sum();
        assertThat(compressed.nats()).isCloseTo(nats, within(1e-4 * nats));
        double bytes = nats / Math.log(2) / 8;
        assertThat((double) compressed.code().length).isBetween(0.999 * bytes - 1, 1.005 * bytes + 2);
    }

    /** A level next to impossible costs 24 bits, and comes back all the same. */
    @ParameterizedTest
    @MethodSource("networks")
    void noiseComesBackToo(AutoregressiveNetwork network) {
        Compressor compressor = new Compressor(network, AutoregressiveContract.noisyWeights(network, 3));
        Levels images = noise(network, IMAGES);
        byte[] code = compressor.compress(images, share -> {}).code();
        assertThat(code.length).isLessThanOrEqualTo(3 * images.data().length + 4);
        assertThat(compressor.decompress(code, IMAGES, share -> {}).data()).isEqualTo(images.data());
    }

    /** Shares as uneven as they can be, and long runs in which no bit is decided. */
    @Test
    void theCoderIsExactForEveryDistribution() {
        int total = 1 << 24;
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            int symbols = 2 + random.nextInt(255);
            int[] cumulative = IntStream.concat(
                            IntStream.of(0, total), random.ints(4L * symbols, 1, round % 2 == 0 ? total : 4 * symbols))
                    .sorted()
                    .distinct()
                    .toArray();
            int[] message = random.ints(300, 0, cumulative.length - 1).toArray();
            ArithmeticEncoder encoder = new ArithmeticEncoder(total);
            for (int symbol : message) {
                encoder.encode(cumulative[symbol], cumulative[symbol + 1]);
            }
            ArithmeticDecoder decoder = new ArithmeticDecoder(encoder.finish(), total);
            int[] decoded = Arrays.stream(message)
                    .map(symbol -> decoder.decode(cumulative))
                    .toArray();
            assertThat(decoded).isEqualTo(message);
        }
    }

    private static Levels noise(AutoregressiveNetwork network, int count) {
        Random random = new Random(8);
        byte[] data = new byte[count * network.shape().dimensions()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) random.nextInt(network.levels());
        }
        return Levels.of(network.shape(), network.levels(), count, data);
    }
}
