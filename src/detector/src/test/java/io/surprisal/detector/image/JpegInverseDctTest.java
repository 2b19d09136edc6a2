package io.surprisal.detector.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What can go wrong: fixed-point arithmetic drifts from the cosines it stands for. */
class JpegInverseDctTest {
    private final byte[] block = new byte[64];

    @Property
    void samplesAreThoseOfTheCosineSumToWithinOne(@ForAll long seed, @ForAll @IntRange(min = 1, max = 64) int terms) {
        Random random = new Random(seed);
        short[] coefficients = new short[64];
        int[] steps = new int[64];
        for (int i = 0; i < 64; i++) {
            steps[i] = 1 + random.nextInt(20);
        }
        for (int i = 0; i < terms; i++) {
            int at = random.nextInt(64);
            coefficients[at] = (short) (random.nextInt(401 / steps[at] + 1) - 200 / steps[at]);
        }
        new JpegInverseDct().transform(coefficients, 0, steps, block, 0, 8);
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 8; x++) {
                double exact = Math.clamp(128 + cosineSum(coefficients, steps, x, y), 0, 255);
                assertThat(block[8 * y + x] & 0xFF)
                        .isBetween((int) Math.floor(exact - 0.55), (int) Math.ceil(exact + 0.55));
            }
        }
    }

    /** T.81, A.3.3. */
    private static double cosineSum(short[] coefficients, int[] steps, int x, int y) {
        double sum = 0;
        for (int v = 0; v < 8; v++) {
            for (int u = 0; u < 8; u++) {
                double scale = (u == 0 ? Math.sqrt(0.5) : 1) * (v == 0 ? Math.sqrt(0.5) : 1) / 4;
                sum += scale
                        * coefficients[8 * v + u]
                        * steps[8 * v + u]
                        * Math.cos((2 * x + 1) * u * Math.PI / 16)
                        * Math.cos((2 * y + 1) * v * Math.PI / 16);
            }
        }
        return sum;
    }
}
