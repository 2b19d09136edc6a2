package io.surprisal.evaluation.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.evaluation.attack.AdaptivePgd.Way;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What can go wrong: an adaptive attack that is too weak to find a hole that is there, so that a detector looks stronger than it is.
 */
class AdaptivePgdTest {
    private static final ImageShape SHAPE = new ImageShape(1, 8, 8);
    private static final int SIZE = 64;

    /** Class 1 beyond a border that is reached by moving every value by 10 levels, or one row of eight by 80. */
    private static Victim victim() {
        float[][] weights = new float[2][SIZE];
        Arrays.fill(weights[1], 0.01f);
        return new FakeVictim.Linear(weights, new float[] {0, -0.01f * SIZE * 110});
    }

    private static Levels grey() {
        byte[] data = new byte[SIZE];
        Arrays.fill(data, (byte) 100);
        return Levels.of(SHAPE, 256, 1, data);
    }

    private static boolean fooled(Levels image) {
        float[] logits = victim().logits(floats(image), 1);
        return logits[1] > logits[0];
    }

    private static float[] floats(Levels image) {
        float[] values = new float[image.data().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Byte.toUnsignedInt(image.data()[i]);
        }
        return values;
    }

    /** Mean squared distance from the nearest of some images, over the dimensions it looks at. */
    private record Distance(int from, float[]... clean) implements Guard {

        @Override
        public String name() {
            return "distance";
        }

        @Override
        public double[] scores(Levels images) {
            return new double[] {of(floats(images), nearest(floats(images)))};
        }

        @Override
        public float[] gradients(float[] images, int count) {
            float[] nearest = nearest(images);
            float[] gradients = new float[images.length];
            for (int i = from; i < images.length; i++) {
                gradients[i] = 2 * (images[i] - nearest[i]) / (images.length - from);
            }
            return gradients;
        }

        private float[] nearest(float[] x) {
            float[] best = clean[0];
            for (float[] one : clean) {
                best = of(x, one) < of(x, best) ? one : best;
            }
            return best;
        }

        private double of(float[] x, float[] one) {
            double sum = 0;
            for (int i = from; i < x.length; i++) {
                sum += (x[i] - one[i]) * (x[i] - one[i]);
            }
            return sum / (x.length - from);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aDetectorThatIgnoresOneRowIsEvadedInThatRow(Way way) {
        // Blind to the first row: where it looks, less than a level of change is left.
        Guard blind = new Distance(8, floats(grey()));
        Levels attacked = new AdaptivePgd(way, 120, 200, blind).perturb(grey(), new int[1], victim());
        assertThat(fooled(attacked)).isTrue();
        assertThat(blind.scores(attacked)[0]).isLessThan(1);
    }

    @Test
    void aDetectorThatSeesEverythingIsNotEvadedByLittle() {
        // Moving all by 10 is the nearest way over the border, and costs 100.
        Guard seeing = new Distance(0, floats(grey()));
        for (Way way : Way.values()) {
            Levels attacked = new AdaptivePgd(way, 30, 200, seeing).perturb(grey(), new int[1], victim());
            assertThat(fooled(attacked)).isTrue();
            assertThat(seeing.scores(attacked)[0]).as(way.toString()).isBetween(100.0, 125.0);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void withoutABoundAnImageOfTheOtherClassIsReached(Way way) {
        float[] other = new float[SIZE];
        Arrays.fill(other, 0, SIZE / 2, 220);
        Arrays.fill(other, SIZE / 2, SIZE, 60);
        Guard guard = new Distance(0, floats(grey()), other);
        Levels attacked = new AdaptivePgd(way, 255, 400, guard).perturb(grey(), new int[1], victim());
        assertThat(fooled(attacked)).isTrue();
        assertThat(guard.scores(attacked)[0]).isLessThan(120);
    }
}
