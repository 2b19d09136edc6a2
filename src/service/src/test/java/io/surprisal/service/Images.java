package io.surprisal.service;

import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.quantise.Levels;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Image files good and bad, for {@code tiny-grey}: 8×8 grey. */
public final class Images {
    private static final int PERTURBATION = 8;

    private Images() {}

    /** A PNG file drawn from the model itself. */
    public static byte[] clean(int image) {
        return TinyBundle.png(Bundles.GREY.clean(image + 1, 3), image);
    }

    /** A PNG file of independent uniform levels, which every statistic flags. */
    public static byte[] noise() {
        return TinyBundle.png(Bundles.GREY.noise(1, 4), 0);
    }

    /** A PNG file of a clean image whose levels have each been moved by {@value #PERTURBATION} at random. */
    public static byte[] perturbed() {
        Levels clean = Bundles.GREY.clean(1, 3);
        Random random = new Random(7);
        byte[] data = clean.data().clone();
        for (int i = 0; i < data.length; i++) {
            int level = Byte.toUnsignedInt(data[i]) + (random.nextBoolean() ? PERTURBATION : -PERTURBATION);
            data[i] = (byte) Math.clamp(level, 0, 255);
        }
        return TinyBundle.png(Levels.of(clean.shape(), clean.levels(), 1, data), 0);
    }

    /** How far two PNG files of grey images are apart at most, in levels. */
    static int distance(byte[] file, byte[] other) throws IOException {
        Raster a = ImageIO.read(new ByteArrayInputStream(file)).getRaster();
        Raster b = ImageIO.read(new ByteArrayInputStream(other)).getRaster();
        int largest = 0;
        for (int y = 0; y < a.getHeight(); y++) {
            for (int x = 0; x < a.getWidth(); x++) {
                largest = Math.max(largest, Math.abs(a.getSample(x, y, 0) - b.getSample(x, y, 0)));
            }
        }
        return largest;
    }

    /** A JPEG file of the right size. */
    public static byte[] jpeg() {
        return TinyBundle.jpeg(Bundles.GREY.clean(1, 5), 0);
    }

    /** An 8×8 grey image in which white follows on black: what {@code tiny-nan} fails on. */
    public static byte[] blackAndWhite() {
        byte[] data = new byte[64];
        for (int i = 1; i < data.length; i += 2) {
            data[i] = (byte) 255;
        }
        return TinyBundle.png(Levels.of(Bundles.GREY.model().shape(), 256, 1, data), 0);
    }

    static byte[] notAnImage() {
        return "this is no image at all".getBytes(StandardCharsets.UTF_8);
    }

    static byte[] truncated() {
        byte[] whole = clean(0);
        return Arrays.copyOf(whole, whole.length - 30);
    }

    static byte[] wrongSize() {
        return png(new BufferedImage(9, 8, BufferedImage.TYPE_BYTE_GRAY));
    }

    static byte[] wrongChannels() {
        return png(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB));
    }

    /** A header that claims 50,000 × 50,000 pixels before anything else. */
    static byte[] huge() {
        byte[] file = clean(0);
        ByteBuffer buffer = ByteBuffer.wrap(file).putInt(16, 50_000).putInt(20, 50_000);
        CRC32 check = new CRC32();
        check.update(file, 12, 17);
        buffer.putInt(29, (int) check.getValue());
        return file;
    }

    /** An animated PNG: an animation control chunk after the header. */
    static byte[] animated() {
        byte[] file = clean(0);
        byte[] control = ByteBuffer.allocate(20)
                .putInt(8)
                .put("acTL".getBytes(StandardCharsets.US_ASCII))
                .putInt(2)
                .putInt(0)
                .array();
        CRC32 check = new CRC32();
        check.update(control, 4, 12);
        ByteBuffer.wrap(control).putInt(16, (int) check.getValue());
        return ByteBuffer.allocate(file.length + 20)
                .put(file, 0, 33)
                .put(control)
                .put(file, 33, file.length - 33)
                .array();
    }

    /** The header of a JPEG file of four components with Adobe's marker for CMYK, and nothing after it. */
    static byte[] cmyk() {
        return bytes(
                0xFF, 0xD8, 0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0, 0xFF, 0xC0, 0, 20, 8, 0,
                8, 0, 8, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0, 0xFF, 0xD9);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
