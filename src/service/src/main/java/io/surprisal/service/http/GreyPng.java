package io.surprisal.service.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes an 8-bit grey picture as a PNG file: signature, IHDR, one IDAT without filtering, IEND (W3C PNG, sections 5 and 11). By hand,
 * because the native executable has no AWT.
 */
final class GreyPng {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private GreyPng() {}

    /** Encodes {@code width × height} bytes, row by row from the top, 0 black and 255 white. */
    static byte[] encode(int width, int height, byte[] grey) {
        if (width < 1 || height < 1 || grey.length != width * height) {
            throw new IllegalArgumentException(
                    "expected %d×%d bytes, at least one, got %d".formatted(width, height, grey.length));
        }
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put((byte) 8) // bits a sample; colour type, compression, filter and interlace method stay 0
                .array();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(SIGNATURE);
        file.writeBytes(chunk("IHDR", header));
        file.writeBytes(chunk("IDAT", deflate(scanlines(width, height, grey))));
        file.writeBytes(chunk("IEND", new byte[0]));
        return file.toByteArray();
    }

    /** Puts the filter type, 0 for none, before each row. */
    private static byte[] scanlines(int width, int height, byte[] grey) {
        byte[] lines = new byte[height * (width + 1)];
        for (int row = 0; row < height; row++) {
            System.arraycopy(grey, row * width, lines, row * (width + 1) + 1, width);
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
