package io.surprisal.detector.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can go wrong: what is no PNG or JPEG is taken for one, or the refusal does not say what it is. */
class ImageDecoderTest {
    private static final ImageDecoder DECODER = new ImageDecoder(ImageLimits.defaults());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GIF89a......|GIF",
                "GIF89a.....NETSCAPE2.0...|GIF (animated)",
                "RIFF....WEBPVP8L........|WebP",
                "RIFF....WEBPVP8X....\\2.........|WebP (animated)",
                "BM..............|BMP",
                "II*\\0....|TIFF",
                "MM\\0*....|TIFF",
                "....ftypavif....|AVIF",
                "....ftypavis....|AVIF (animated)",
                "....ftypheic....|HEIC",
                "....ftypisom....|video",
                "%PDF-1.7|PDF",
                "<svg xmlns=|SVG",
                "<!doctype html>|HTML",
                "{\"images\":[]}|JSON",
                "iVBORw0KGgoAAAA|base64 text of a PNG",
                "data:image/png;base64,|a data URL",
                "hello|5 bytes that start with 68 65 6c 6c 6f"
            })
    void otherFormatsAreRefusedByName(String start, String name) {
        String text = start.replace("\\0", "\0").replace("\\2", "\2");
        refused(text.getBytes(ISO_8859_1), "expected PNG or JPEG, found " + (name.equals("video") ? "MP4" : name));
    }

    @Test
    void anEmptyBodyIsRefused() {
        refused(new byte[0], "expected PNG or JPEG, found an empty file");
    }

    @Test
    void aFileOverTheLimitIsRefusedUnread() {
        byte[] file = new byte[101];
        assertThatExceptionOfType(UnreadableImageException.class)
                .isThrownBy(() -> new ImageDecoder(new ImageLimits(100, 10, 100)).decode(file))
                .withMessage("expected at most 100 bytes, found 101");
    }

    @Test
    void theLimitsThemselvesAreAllowed() {
        ImageDecoder strict = new ImageDecoder(new ImageLimits(10_000, 20, 200));
        byte[] fits = PngImage.random(new Random(1), 20, 10, 8, 0, 255).encode(false, row -> 0);
        assertThat(strict.decode(fits)).hasToString("20×10 grey");
        byte[] tooLong = PngImage.random(new Random(1), 21, 1, 8, 0, 255).encode(false, row -> 0);
        byte[] tooMany = PngImage.random(new Random(1), 15, 14, 8, 0, 255).encode(false, row -> 0);
        assertThatExceptionOfType(UnreadableImageException.class)
                .isThrownBy(() -> strict.decode(tooLong))
                .withMessageContaining("at most 20 pixels a side");
        assertThatExceptionOfType(UnreadableImageException.class)
                .isThrownBy(() -> strict.decode(tooMany))
                .withMessageContaining("15×14 = 210");
    }

    @Test
    void limitsOutOfRangeAreNoLimits() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ImageLimits(0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new ImageLimits(1, 65_536, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new ImageLimits(1, 1, (1L << 28) + 1));
    }

    @Test
    void pixelsAgreeWithTheirSize() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Pixels(2, 2, 1, new byte[3]));
        assertThatIllegalArgumentException().isThrownBy(() -> new Pixels(2, 2, 2, new byte[8]));
        assertThatIllegalArgumentException().isThrownBy(() -> new Pixels(0, 2, 1, new byte[0]));
        Pixels pixels = new Pixels(2, 1, 3, new byte[] {1, 2, 3, 4, 5, (byte) 250});
        assertThat(pixels.sample(1, 0, 2)).isEqualTo(250);
        assertThat(pixels).isEqualTo(new Pixels(2, 1, 3, pixels.data().clone())).hasToString("2×1 RGB");
        assertThat(pixels.hashCode())
                .isEqualTo(new Pixels(2, 1, 3, pixels.data().clone()).hashCode());
    }

    private static void refused(byte[] file, String message) {
        assertThatExceptionOfType(UnreadableImageException.class)
                .isThrownBy(() -> DECODER.decode(file))
                .withMessageContaining(message);
    }
}
