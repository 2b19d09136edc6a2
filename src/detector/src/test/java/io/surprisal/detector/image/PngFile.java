package io.surprisal.detector.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes a PNG chunk by chunk, right or wrong, as a test wants it. */
final class PngFile {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    PngFile() {
        bytes.writeBytes(SIGNATURE);
    }

    PngFile header(int width, int height, int depth, int colourType, boolean interlaced) {
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put((byte) depth).put((byte) colourType).put((byte) 0).put((byte) 0);
        return chunk("IHDR", header.put((byte) (interlaced ? 1 : 0)).array());
    }

    PngFile chunk(String type, byte... data) {
        return chunk(type, checksum(type, data), data);
    }

    PngFile chunk(String type, int checksum, byte... data) {
        bytes.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        bytes.writeBytes(type.getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(data);
        bytes.writeBytes(ByteBuffer.allocate(4).putInt(checksum).array());
        return this;
    }

    /** Compresses filtered rows into one IDAT chunk. */
    PngFile data(byte... raw) {
        return chunk("IDAT", compress(raw));
    }

    byte[] end() {
        return chunk("IEND").bytes.toByteArray();
    }

    static int checksum(String type, byte... data) {
        CRC32 crc = new CRC32();
        crc.update(type.getBytes(StandardCharsets.US_ASCII));
        crc.update(data);
        return (int) crc.getValue();
    }

    static byte[] compress(byte... raw) {
        Deflater deflater = new Deflater(9);
        deflater.setInput(raw);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }
}
