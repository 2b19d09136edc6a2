package io.surprisal.detector.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/**
 * Writes JPEG files through ImageIO, and reads them back through it: the JDK's own copy of libjpeg, an independent
 * judge.
 *
 * @param horizontal luminance's sampling factor across; chrominance has 1
 * @param vertical luminance's sampling factor down
 * @param quality 0..1
 * @param restartInterval coded units, 0 for none
 */
record JpegWriter(int horizontal, int vertical, float quality, boolean progressive, int restartInterval) {
    private static final String FORMAT = "javax_imageio_jpeg_image_1.0";

    /** A picture with edges, slopes and noise. */
    static BufferedImage picture(Random random, int width, int height, boolean grey) {
        BufferedImage image =
                new BufferedImage(width, height, grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        double tilt = random.nextDouble(6);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int slope = (int) (255 * (0.5 + 0.5 * Math.sin((x + tilt * y) / 9)));
                int edge = (x / 7 + y / 5) % 2 * 200;
                int rgb = (slope << 16) | (edge << 8) | (random.nextInt(256) & 0xF0);
                image.setRGB(x, y, grey ? slope / 2 * 0x10101 + edge / 4 * 0x10101 : rgb);
            }
        }
        return image;
    }

    byte[] encode(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(quality);
            param.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
            IIOMetadata metadata =
                    writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), param);
            IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(FORMAT);
            IIOMetadataNode luminance =
                    (IIOMetadataNode) root.getElementsByTagName("componentSpec").item(0);
            luminance.setAttribute("HsamplingFactor", Integer.toString(horizontal));
            luminance.setAttribute("VsamplingFactor", Integer.toString(vertical));
            if (restartInterval > 0) {
                IIOMetadataNode restart = new IIOMetadataNode("dri");
                restart.setAttribute("interval", Integer.toString(restartInterval));
                IIOMetadataNode sequence = (IIOMetadataNode)
                        root.getElementsByTagName("markerSequence").item(0);
                sequence.insertBefore(restart, sequence.getFirstChild());
            }
            metadata.setFromTree(FORMAT, root);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, metadata), param);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** What ImageIO reads: its samples in our order. */
    static Pixels read(byte[] file) {
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
            int channels = image.getRaster().getNumBands();
            byte[] data = new byte[image.getWidth() * image.getHeight() * channels];
            int[] samples = image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
            for (int i = 0; i < data.length; i++) {
                data[i] = (byte) samples[i];
            }
            return new Pixels(image.getWidth(), image.getHeight(), channels, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
