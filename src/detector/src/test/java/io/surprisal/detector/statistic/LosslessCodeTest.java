package io.surprisal.detector.statistic;

import static org.assertj.core.api.Assertions.assertThat;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What can go wrong: a code that is not the standard's, so that its length means nothing; one that no decoder could read. */
class LosslessCodeTest {

    @Test
    void theExampleOfTheStandardHasTheLengthOfTheStandard() {
        // ITU-T T.87, annex H.3: these 4×4 samples become 30 bytes, padded with fewer than 8 bits.
        int[] samples = {0, 0, 90, 74, 68, 50, 43, 205, 64, 145, 145, 145, 100, 145, 145, 145};
        assertThat(LosslessCode.bits(samples, 4, 256)).isBetween(30 * 8 - 7L, 30 * 8L);
    }

    @Test
    void anImageOfOneLevelCostsNextToNothingAndNoiseMoreThanItself() {
        int[] black = new int[784];
        assertThat(LosslessCode.bits(black, 28, 256)).isLessThan(100);
        Random random = new Random(1);
        int[] noise = random.ints(784, 0, 256).toArray();
        assertThat(LosslessCode.bits(noise, 28, 256)).isBetween(784 * 8L, 784 * 11L);
    }

    @Test
    void fewerLevelsCostFewerBits() {
        int[] noise = new Random(2).ints(1024, 0, 4).toArray();
        assertThat(LosslessCode.bits(noise, 32, 4)).isBetween(1024 * 2L, 1024 * 3L);
        int[] two = new Random(3).ints(1024, 0, 2).toArray();
        assertThat(LosslessCode.bits(two, 32, 2)).isBetween(1024L, 1024 * 3L);
    }

    @Test
    void shortCodesAreFewAsInEveryCodeThatCanBeRead() {
        // Kraft: at most 2^b of all 2^12 images have codes of at most b bits in all, however likely they are.
        long[] lengths = new long[64];
        for (int image = 0; image < 4096; image++) {
            int[] pixels = new int[12];
            for (int i = 0; i < 12; i++) {
                pixels[i] = image >> i & 1;
            }
            lengths[(int) Math.min(63, LosslessCode.bits(pixels, 4, 2))]++;
        }
        double kraft = 0;
        for (int bits = 0; bits < 63; bits++) {
            kraft += lengths[bits] * Math.pow(2, -bits);
        }
        assertThat(kraft).isLessThanOrEqualTo(1).isGreaterThan(0.001);
    }

    @Test
    void theColoursOfAGreyImageAreCodedAsDifferencesOfNothing() {
        Random random = new Random(4);
        byte[] grey = new byte[256];
        random.nextBytes(grey);
        byte[] rgb = new byte[3 * 256];
        for (int channel = 0; channel < 3; channel++) {
            System.arraycopy(grey, 0, rgb, channel * 256, 256);
        }
        long one = LosslessCode.bits(Levels.of(new ImageShape(1, 16, 16), 256, 1, grey), 0);
        long three = LosslessCode.bits(Levels.of(new ImageShape(3, 16, 16), 256, 1, rgb), 0);
        assertThat(three - one).isBetween(0L, 250L);
    }
}
