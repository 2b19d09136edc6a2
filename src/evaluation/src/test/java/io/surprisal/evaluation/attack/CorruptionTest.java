package io.surprisal.evaluation.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.evaluation.attack.Corruption.Kind;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What can go wrong: a kernel that does not sum to one, a border that darkens, degrees taken for radians, levels that wrap around. */
class CorruptionTest {
    private static final ImageShape SHAPE = new ImageShape(1, 9, 9);

    private static Levels random() {
        byte[] data = new byte[81];
        new Random(1).nextBytes(data);
        return Levels.of(SHAPE, 256, 1, data);
    }

    private static byte[] after(Kind kind, double amount, Levels images) {
        return new Corruption(kind, amount, 1)
                .perturb(images, new int[1], FakeVictim.forbidden())
                .data();
    }

    @Test
    void anImageOfOneLevelStaysAsItIsWhenBlurredOrTurned() {
        byte[] grey = new byte[81];
        Arrays.fill(grey, (byte) 200);
        Levels plain = Levels.of(SHAPE, 256, 1, grey);
        assertThat(after(Kind.BLUR, 1.5, plain)).isEqualTo(grey);
        assertThat(after(Kind.ROTATION, 33, plain)).isEqualTo(grey);
    }

    @Test
    void aFullTurnChangesNothingAndAQuarterTurnTurns() {
        Levels image = random();
        assertThat(after(Kind.ROTATION, 360, image)).isEqualTo(image.data());
        byte[] quarter = after(Kind.ROTATION, 90, image);
        for (int row = 0; row < 9; row++) {
            for (int column = 0; column < 9; column++) {
                assertThat(quarter[row * 9 + column]).isEqualTo(image.data()[column * 9 + 8 - row]);
            }
        }
    }

    @Test
    void levelsEndAtBlackAndWhite() {
        byte[] brighter = after(Kind.BRIGHTNESS, 100, random());
        for (int i = 0; i < 81; i++) {
            int before = Byte.toUnsignedInt(random().data()[i]);
            assertThat(Byte.toUnsignedInt(brighter[i])).isEqualTo(Math.min(255, before + 100));
        }
        assertThat(after(Kind.CONTRAST, 1, random())).isEqualTo(random().data());
    }

    @Test
    void jpegOfHighQualityIsNearlyTheImage() {
        byte[] smooth = new byte[81];
        for (int i = 0; i < 81; i++) {
            smooth[i] = (byte) (100 + i / 9 * 3 + i % 9);
        }
        Levels image = Levels.of(SHAPE, 256, 1, smooth);
        byte[] saved = new JpegCompression(95)
                .perturb(image, new int[1], FakeVictim.forbidden())
                .data();
        for (int i = 0; i < 81; i++) {
            assertThat(Math.abs(Byte.toUnsignedInt(saved[i]) - Byte.toUnsignedInt(smooth[i])))
                    .isLessThan(6);
        }
    }
}
