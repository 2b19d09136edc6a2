package io.surprisal.service.png;

import io.surprisal.detector.image.Pixels;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes 8-bit grey or RGB pixels as a PNG file: signature, IHDR, one IDAT without filtering, IEND (W3C PNG, sections 5 and 11).
 */
public final class PngFile {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private PngFile() {}

    /** Encodes one image of a batch in its own size; fewer than 256 levels are spread over the brightness there is. */
    public static byte[] of(Levels images, int image) {
        ImageShape shape = images.shape();
        int area = shape.height() * shape.width();
        byte[] interleaved = new byte[shape.dimensions()];
        for (int i = 0; i < interleaved.length; i++) {
            int level = Byte.toUnsignedInt(images.data()[image * shape.dimensions() + i]);
            interleaved[i % area * shape.channels() + i / area] =
                    (byte) Math.round(255.0 * level / (images.levels() - 1));
        }
        return encode(new Pixels(shape.width(), shape.height(), shape.channels(), interleaved));
    }

    /** Encodes pixels; the file decodes to the very same ones. */
    public static byte[] encode(Pixels pixels) {
        byte[] header = ByteBuffer.allocate(13)
                .putInt(pixels.width())
                .putInt(pixels.height())
                .put((byte) 8) // bits a sample
                .put((byte)
                        (pixels.channels() == 1
                                ? 0
                                : 2)) // grey or RGB; compression, filter and interlace method stay 0
                .array();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(SIGNATURE);
        file.writeBytes(chunk("IHDR", header));
        file.writeBytes(chunk("IDAT", deflate(scanlines(pixels))));
        file.writeBytes(chunk("IEND", new byte[0]));
        return file.toByteArray();
    }

    /** Puts the filter type, 0 for none, before each row. */
    private static byte[] scanlines(Pixels pixels) {
        int row = pixels.width() * pixels.channels();
        byte[] lines = new byte[pixels.height() * (row + 1)];
        for (int y = 0; y < pixels.height(); y++) {
            System.arraycopy(pixels.data(), y * row, lines, y * (row + 1) + 1, row);
        }
        return lines;
    }

    private static byte[] deflate(byte[] data) {
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(data);
            deflater.finish();
            ByteArrayOutputStream deflated = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            while (!deflater.finished()) {
                deflated.write(buffer, 0, deflater.deflate(buffer));
            }
            return deflated.toByteArray();
        }
    }

    private static byte[] chunk(String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 check = new CRC32();
        check.update(name);
        check.update(data);
        return ByteBuffer.allocate(12 + data.length)
                .putInt(data.length)
                .put(name)
                .put(data)
                .putInt((int) check.getValue())
                .array();
    }
}
