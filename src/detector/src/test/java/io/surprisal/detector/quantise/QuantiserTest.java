package io.surprisal.detector.quantise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surprisal.detector.image.Pixels;
import io.surprisal.detector.image.UnreadableImageException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * What can go wrong: channels and pixels change places, a level is off by one, an image is resized behind the caller's
 * back.
 */
class QuantiserTest {

    @Test
    void interleavedPixelsBecomePlanes() {
        Pixels twoPixels = new Pixels(2, 1, 3, new byte[] {1, 2, 3, 4, 5, 6});
        Levels levels = new Quantiser(new ImageShape(3, 1, 2), 256).quantise(List.of(twoPixels, twoPixels));
        assertThat(levels.data()).containsExactly(1, 4, 2, 5, 3, 6, 1, 4, 2, 5, 3, 6);
        assertThat(levels.count()).isEqualTo(2);
    }

    @Property(tries = 300)
    void aLevelIsTheNearestOne(
            @ForAll @IntRange(max = 255) int value, @ForAll @IntRange(min = 2, max = 256) int levels) {
        byte level = quantise(value, levels);
        double exact = value * (levels - 1) / 255.0;
        assertThat(Math.abs(Byte.toUnsignedInt(level) - exact)).isLessThanOrEqualTo(0.5);
    }

    @Property(tries = 100)
    void with256LevelsAPixelIsItsLevel(@ForAll @IntRange(max = 255) int value) {
        assertThat(Byte.toUnsignedInt(quantise(value, 256))).isEqualTo(value);
    }

    @Test
    void fewLevelsDivideTheRangeEvenly() {
        // 2 levels part at 127.5, 3 at 63.75 and 191.25.
        assertThat(quantise(127, 2)).isEqualTo((byte) 0);
        assertThat(quantise(128, 2)).isEqualTo((byte) 1);
        assertThat(quantise(63, 3)).isEqualTo((byte) 0);
        assertThat(quantise(64, 3)).isEqualTo((byte) 1);
        assertThat(quantise(192, 3)).isEqualTo((byte) 2);
    }

    @Test
    void levelsOfADataSetBecomeWhatItsImagesWould() {
        Levels images = Levels.of(new ImageShape(1, 1, 2), 256, 2, new byte[] {0, 127, (byte) 128, (byte) 255});
        Quantiser quantiser = new Quantiser(images.shape(), 2);
        assertThat(quantiser.quantise(images).data()).containsExactly(0, 0, 1, 1);
        assertThatThrownBy(() -> quantiser.quantise(quantiser.quantise(images)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("with 256 levels, found 2×1 grey with 2");
    }

    @Test
    void anImageOfAnotherSizeIsRefusedAndNotResized() {
        Quantiser quantiser = new Quantiser(new ImageShape(1, 28, 28), 256);
        assertThatThrownBy(() -> quantiser.quantise(List.of(new Pixels(32, 32, 1, new byte[1024]))))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessage("expected an image of 28×28 grey, found 32×32 grey");
    }

    @Test
    void anImageWithOtherChannelsIsRefusedAndNamedByItsPlace() {
        Quantiser quantiser = new Quantiser(new ImageShape(1, 1, 1), 256);
        Pixels good = new Pixels(1, 1, 1, new byte[1]);
        Pixels bad = new Pixels(1, 1, 3, new byte[3]);
        assertThatThrownBy(() -> quantiser.quantise(List.of(good, bad)))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessage("expected an image of 1×1 grey, found 1×1 RGB (image 2 of 2)");
    }

    private static byte quantise(int value, int levels) {
        Pixels pixel = new Pixels(1, 1, 1, new byte[] {(byte) value});
        return new Quantiser(new ImageShape(1, 1, 1), levels)
                .quantise(List.of(pixel))
                .data()[0];
    }
}
