package io.surprisal.detector.quantise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What can go wrong: images of a batch mixed up, or levels a model has no probability for. */
class LevelsTest {

    private static final ImageShape PIXEL = new ImageShape(1, 1, 1);

    @Property(tries = 200)
    void slicesJoinedAgainAreTheBatch(
            @ForAll @Size(min = 2, max = 60) byte[] data, @ForAll @IntRange(min = 1, max = 59) int cut) {
        Levels whole = Levels.of(PIXEL, 256, data.length, data);
        int at = Math.min(cut, data.length - 1);
        Levels joined = Levels.concat(List.of(whole.slice(0, at), whole.slice(at, data.length)));
        assertThat(joined.data()).isEqualTo(data);
        assertThat(joined.count()).isEqualTo(data.length);
        assertThat(joined.shape()).isEqualTo(PIXEL);
        assertThat(joined.levels()).isEqualTo(256);
    }

    @Property(tries = 50)
    void aSliceOfOneIsThatImage(@ForAll @Size(6) byte[] data, @ForAll @IntRange(min = 0, max = 1) int image) {
        Levels two = Levels.of(new ImageShape(3, 1, 1), 256, 2, data);
        assertThat(two.slice(image, image + 1).data())
                .containsExactly(data[3 * image], data[3 * image + 1], data[3 * image + 2]);
    }

    @Test
    void aLaterChangeToTheGivenArrayChangesNothing() {
        byte[] data = {1};
        Levels levels = Levels.of(PIXEL, 2, 1, data);
        data[0] = 99;
        assertThat(levels.data()).containsExactly(1);
    }

    @Test
    void levelsAreUnsigned() {
        assertThat(Levels.of(PIXEL, 256, 1, new byte[] {(byte) 255}).count()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Levels.of(PIXEL, 255, 1, new byte[] {(byte) 255}))
                .withMessage("expected levels below 255, found 255");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Levels.of(PIXEL, 256, 2, new byte[3]))
                .withMessage("expected 2 bytes for 2 images of 1×1 grey, found 3");
        assertThatIllegalArgumentException().isThrownBy(() -> Levels.of(PIXEL, 256, 0, new byte[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> Levels.of(PIXEL, 257, 1, new byte[1]));
        assertThatIllegalArgumentException().isThrownBy(() -> Levels.concat(List.of()));
        Levels two = Levels.of(PIXEL, 256, 2, new byte[2]);
        assertThatIllegalArgumentException().isThrownBy(() -> two.slice(1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> two.slice(0, 3));
        Levels other = Levels.of(PIXEL, 16, 1, new byte[1]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Levels.concat(List.of(two, other)))
                .withMessage("expected every batch to hold 1×1 grey images with 256 levels, "
                        + "found one of 1×1 grey images with 16 levels");
    }
}
