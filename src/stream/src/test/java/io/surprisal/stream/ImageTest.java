package io.surprisal.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTest {

    @Test
    void anImageHasTheSameIdAndTheSameDrawEachTimeItIsRead() {
        assertThat(image(7, null).id()).isEqualTo("images/3/7");
        assertThat(image(7, null).draw())
                .isEqualTo(image(7, null).draw())
                .isNotEqualTo(image(8, null).draw());
    }

    @Test
    void drawsAreEven() {
        // 100,000 draws: a share of a tenth has a standard error of 0.001.
        for (double share : new double[] {0.1, 0.5, 0.9}) {
            long drawn = IntStream.range(0, 100_000)
                    .filter(offset -> image(offset, null).draw() < share)
                    .count();
            assertThat(drawn / 100_000.0).isCloseTo(share, within(0.008));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"camera 7", "naïve", "日本"})
    void aKeyThatIsTextIsText(String key) {
        assertThat(image(0, key.getBytes(StandardCharsets.UTF_8)).textKey()).contains(key);
    }

    @Test
    void aKeyThatIsNoneOrBytesIsNot() {
        assertThat(image(0, null).textKey()).isEmpty();
        assertThat(image(0, new byte[0]).textKey()).isEmpty();
        assertThat(image(0, new byte[] {(byte) 0xC3, 0x28}).textKey()).isEmpty();
        assertThat(image(0, new byte[] {'a', 0, 'b'}).textKey()).isEmpty();
    }

    private static Image image(long offset, byte @Nullable [] key) {
        return new Image("images", 3, offset, key, new byte[0]);
    }
}
