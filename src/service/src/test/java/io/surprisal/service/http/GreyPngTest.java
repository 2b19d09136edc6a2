package io.surprisal.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class GreyPngTest {
    @Test
    void anotherReaderSeesTheSamePixels() throws IOException {
        byte[] grey = new byte[7 * 40];
        for (int i = 0; i < grey.length; i++) {
            grey[i] = (byte) (i * 37);
        }
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(GreyPng.encode(7, 40, grey)));
        assertThat(picture.getType()).isEqualTo(BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < grey.length; i++) {
            assertThat(picture.getRaster().getSample(i % 7, i / 7, 0)).isEqualTo(Byte.toUnsignedInt(grey[i]));
        }
    }

    @Test
    void aSizeThatDoesNotFitIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GreyPng.encode(3, 3, new byte[8]))
                .withMessageContaining("3×3");
    }
}
