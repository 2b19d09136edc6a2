package io.surprisal.service.png;

import static org.assertj.core.api.Assertions.assertThat;

import io.surprisal.detector.image.ImageDecoder;
import io.surprisal.detector.image.ImageLimits;
import io.surprisal.detector.image.Pixels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PngFileTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void twoOtherReadersSeeTheSamePixels(int channels) throws IOException {
        byte[] data = new byte[7 * 40 * channels];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i * 37);
        }
        Pixels pixels = new Pixels(7, 40, channels, data);
        byte[] file = PngFile.encode(pixels);
        assertThat(new ImageDecoder(ImageLimits.defaults()).decode(file)).isEqualTo(pixels);
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(file));
        for (int y = 0; y < 40; y++) {
            for (int x = 0; x < 7; x++) {
                for (int channel = 0; channel < channels; channel++) {
                    assertThat(picture.getRaster().getSample(x, y, channel)).isEqualTo(pixels.sample(x, y, channel));
                }
            }
        }
    }
}
