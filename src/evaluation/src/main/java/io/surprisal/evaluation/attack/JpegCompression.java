package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * The control everyone meets: an image saved as JPEG and read again, by the Java runtime's codec. Images have to have 256 levels.
 *
 * @param quality percent, 1..100
 */
public record JpegCompression(int quality) implements Attack {

    public JpegCompression {
        if (quality < 1 || quality > 100) {
            throw new IllegalArgumentException("expected a quality from 1 to 100 percent, found " + quality);
        }
    }

    @Override
    public String name() {
        return "jpeg";
    }

    @Override
    public String budget() {
        return quality + " %";
    }

    @Override
    public Region region() {
        return Region.EVERYWHERE;
    }

    @Override
    public Levels perturb(Levels clean, int[] labels, Victim victim) {
        if (clean.levels() != 256) {
            throw new IllegalArgumentException("expected images of 256 levels for JPEG, found " + clean.levels());
        }
        byte[] data = new byte[clean.data().length];
        for (int image = 0; image < clean.count(); image++) {
            try {
                read(
                        write(picture(clean, image)),
                        clean.shape(),
                        data,
                        image * clean.shape().dimensions());
            } catch (IOException e) {
                throw new UncheckedIOException("could not write and read a JPEG file in memory", e);
            }
        }
        return Levels.of(clean.shape(), clean.levels(), clean.count(), data);
    }

    private static BufferedImage picture(Levels images, int image) {
        ImageShape shape = images.shape();
        BufferedImage picture = new BufferedImage(
                shape.width(),
                shape.height(),
                shape.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        int area = shape.height() * shape.width();
        for (int i = 0; i < shape.dimensions(); i++) {
            int level = Byte.toUnsignedInt(images.data()[image * shape.dimensions() + i]);
            int pixel = i % area;
            picture.getRaster().setSample(pixel % shape.width(), pixel / shape.width(), i / area, level);
        }
        return picture;
    }

    private byte[] write(BufferedImage picture) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(quality / 100f);
            writer.write(null, new IIOImage(picture, null, null), settings);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static void read(byte[] file, ImageShape shape, byte[] data, int start) throws IOException {
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(file));
        int area = shape.height() * shape.width();
        for (int i = 0; i < shape.dimensions(); i++) {
            int pixel = i % area;
            data[start + i] =
                    (byte) picture.getRaster().getSample(pixel % shape.width(), pixel / shape.width(), i / area);
        }
    }
}
