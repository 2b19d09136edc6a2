package io.surprisal.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What can go wrong: test images drawn anew each time, or thresholds from images the detector would never make. */
class ReductionTest {
    private static final ImageShape SHAPE = new ImageShape(1, 10, 10);

    /** 40,000 draws at each value: a frequency is within 0.015 of value / 255 but for a chance of less than 1e-8. */
    @Test
    void aBinarisedPixelIsOneAsOftenAsItIsBright() {
        Reduction dynamic = Reduction.of(2, "dynamic");
        for (int value : new int[] {0, 1, 100, 127, 254, 255}) {
            Levels drawn = dynamic.measured(constant(value, 400), 3);
            double ones = sum(drawn) / (double) drawn.data().length;
            assertThat(ones).as("value %d", value).isCloseTo(value / 255.0, within(0.015));
        }
        assertThat(sum(dynamic.measured(constant(0, 4), 1))).isZero();
        assertThat(sum(dynamic.measured(constant(255, 4), 1))).isEqualTo(400);
    }

    @Test
    void dynamicTrainingSeesAnotherDrawEachStepAndMeasuresOneDrawForEver() {
        Reduction dynamic = Reduction.of(2, "dynamic");
        Levels grey = constant(128, 5);
        Levels kept = dynamic.kept(grey, 1);
        assertThat(kept.data()).isEqualTo(grey.data());
        assertThat(dynamic.seen(kept, 1).data())
                .isNotEqualTo(dynamic.seen(kept, 2).data())
                .isEqualTo(dynamic.seen(kept, 1).data());
        assertThat(dynamic.measured(grey, 7).data())
                .isEqualTo(dynamic.measured(grey, 7).data())
                .isNotEqualTo(dynamic.measured(grey, 8).data());
    }

    @Test
    void staticTrainingSeesOneDraw() {
        Reduction once = Reduction.of(2, "static");
        Levels kept = once.kept(constant(128, 5), 1);
        assertThat(kept.levels()).isEqualTo(2);
        assertThat(once.seen(kept, 1).data())
                .isEqualTo(once.seen(kept, 2).data())
                .isEqualTo(kept.data());
    }

    @Test
    void aThresholdIsWhatTheDetectorDoes() {
        Reduction threshold = Reduction.of(2, "threshold");
        for (Reduction any : new Reduction[] {threshold, Reduction.of(2, null), Reduction.of(2, "dynamic")}) {
            assertThat(sum(any.served(constant(127, 1)))).isZero();
            assertThat(sum(any.served(constant(128, 1)))).isEqualTo(100);
        }
        assertThat(threshold.measured(constant(128, 1), 1).data())
                .isEqualTo(threshold.kept(constant(200, 1), 9).data());
        assertThat(threshold.measuresWhatIsServed()).isTrue();
        assertThat(Reduction.of(2, "dynamic").measuresWhatIsServed()).isFalse();
    }

    @Test
    void allLevelsAreKeptWhereThereAre256() {
        Levels grey = constant(99, 2);
        assertThat(Reduction.of(256, null).measured(grey, 1).data()).isEqualTo(grey.data());
        assertThat(Reduction.of(16, null).measured(grey, 1).data()[0]).isEqualTo((byte) 6); // 99 · 15 / 255 = 5.82
    }

    /** Of 400 images none is as it was, none is anything else than levels, and each kind of disturbance is among them. */
    @Test
    void aDisturbedImageIsAnotherOneEachStepAndServedAsItWas() {
        Reduction disturbed = Reduction.of(256, null).disturbed();
        Levels grey = constant(100, 400);
        Levels kept = disturbed.kept(grey, 1);
        assertThat(kept.data()).isEqualTo(grey.data());
        assertThat(disturbed.served(grey).data()).isEqualTo(grey.data());
        assertThat(disturbed.measuresWhatIsServed()).isFalse();
        Levels seen = disturbed.seen(kept, 5);
        assertThat(seen.data())
                .isEqualTo(disturbed.seen(kept, 5).data())
                .isNotEqualTo(disturbed.seen(kept, 6).data());
        int noisy = 0;
        int few = 0;
        for (int image = 0; image < 400; image++) {
            int changed = 0;
            int most = 0;
            for (int i = image * 100; i < (image + 1) * 100; i++) {
                int change = Math.abs(Byte.toUnsignedInt(seen.data()[i]) - 100);
                changed += change > 0 ? 1 : 0;
                most = Math.max(most, change);
            }
            assertThat(changed).as("image %d", image).isPositive();
            noisy += most <= 16 && changed > 50 ? 1 : 0;
            few += changed <= 16 && most > 16 ? 1 : 0;
        }
        // Half are of noise and the others of a square or of a few pixels; a large square is neither.
        assertThat(noisy).isBetween(160, 240);
        assertThat(few).isBetween(120, 220);
    }

    @Test
    void blackStaysBlackUnderTheNoiseOfWhatIsNotAndLevelsStayLevels() {
        Reduction disturbed = Reduction.of(16, null).disturbed();
        Levels seen = disturbed.seen(Levels.of(SHAPE, 16, 300, new byte[300 * 100]), 2);
        int untouched = 0;
        for (int image = 0; image < 300; image++) {
            Levels one = seen.slice(image, image + 1);
            untouched += sum(one) == 0 ? 1 : 0;
        }
        // Half are of noise, and two thirds of these leave black alone.
        assertThat(untouched).isBetween(70, 130);
    }

    @Test
    void whatIsNoRuleIsRefused() {
        assertThatThrownBy(() -> Reduction.of(2, "sometimes")).hasMessageContaining("found sometimes");
        assertThatThrownBy(() -> Reduction.of(256, "dynamic")).hasMessageContaining("2 levels, found 256");
        assertThatThrownBy(() -> Reduction.of(1, null)).hasMessageContaining("2 to 256 levels, found 1");
    }

    private static Levels constant(int value, int count) {
        byte[] data = new byte[count * SHAPE.dimensions()];
        Arrays.fill(data, (byte) value);
        return Levels.of(SHAPE, 256, count, data);
    }

    private static int sum(Levels images) {
        int sum = 0;
        for (byte level : images.data()) {
            sum += level;
        }
        return sum;
    }
}
