package io.surprisal.evaluation.report;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** A few images side by side, pixel for pixel, with a gap of two white pixels between them. */
final class ExamplePicture {
    private static final int GAP = 2;

    private ExamplePicture() {}

    /** A PNG file. */
    static byte[] png(Levels images) throws IOException {
        ImageShape shape = images.shape();
        int step = shape.width() + GAP;
        BufferedImage picture =
                new BufferedImage(images.count() * step - GAP, shape.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                boolean gap = x % step >= shape.width();
                picture.setRGB(x, y, gap ? 0xffffff : colour(images, x / step, y, x % step));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", bytes);
        return bytes.toByteArray();
    }

    private static int colour(Levels images, int image, int y, int x) {
        ImageShape shape = images.shape();
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
            int channel = Math.min(c, shape.channels() - 1);
            int at = ((image * shape.channels() + channel) * shape.height() + y) * shape.width() + x;
            int value = Byte.toUnsignedInt(images.data()[at]) * 255 / (images.levels() - 1);
            rgb = rgb << 8 | value;
        }
        return rgb;
    }
}
