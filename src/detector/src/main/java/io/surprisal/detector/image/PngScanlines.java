package io.surprisal.detector.image;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * {@code IDAT} chunks → rows: decompresses (PNG third edition, 10.2) and unfilters one row at a time, so that a
 * compressed bomb is never held: what is taken out of the stream is what the header promised, and one byte more is an
 * error.
 */
final class PngScanlines implements AutoCloseable {
    private final byte[] file;
    private final int pixelBytes;
    private final Inflater inflater = new Inflater();
    private byte[] row;
    private byte[] above;
    private int rowBytes;
    private int nextChunk;

    PngScanlines(PngParts parts) {
        PngHeader header = parts.header();
        this.file = parts.file();
        this.pixelBytes = Math.max(1, header.bitsPerPixel() / 8);
        int largest = 1 + header.rowBytes(header.width());
        this.row = new byte[largest];
        this.above = new byte[largest];
        this.nextChunk = parts.firstData();
    }

    /** Begins a pass whose rows have this many bytes of samples; the row above the first counts as zeros. */
    void startPass(int bytes) {
        rowBytes = bytes;
        Arrays.fill(row, (byte) 0);
    }

    /** The next row, plain: byte 0 is its filter type, samples follow. Valid until the call after. */
    byte[] next() {
        byte[] free = above;
        above = row;
        row = free;
        read(row, 1 + rowBytes);
        PngFilter.undo(row, above, rowBytes, pixelBytes);
        return row;
    }

    /** Checks that the compressed stream ends here, with its own checksum right. */
    void finish() {
        while (!inflater.finished()) {
            if (inflate(row, 0, 1) > 0) {
                throw new UnreadableImageException(
                        "PNG: expected the image data to end after the last row, found more");
            }
        }
    }

    @Override
    public void close() {
        inflater.end();
    }

    private void read(byte[] target, int length) {
        int filled = 0;
        while (filled < length) {
            if (inflater.finished()) {
                throw new UnreadableImageException(
                        "PNG: expected image data for every row, found a compressed stream that ends early");
            }
            filled += inflate(target, filled, length - filled);
        }
    }

    /** One step: gives bytes, or the next chunk to the inflater, or reaches the end of the stream. */
    private int inflate(byte[] target, int at, int length) {
        try {
            int bytes = inflater.inflate(target, at, length);
            if (bytes == 0 && !inflater.finished()) {
                feed();
            }
            return bytes;
        } catch (DataFormatException e) {
            throw new UnreadableImageException(
                    "PNG: expected a valid zlib stream in IDAT, found: " + e.getMessage(), e);
        }
    }

    private void feed() {
        if (!inflater.needsInput()) {
            throw new UnreadableImageException("PNG: expected a zlib stream without preset dictionary, found one with");
        }
        if (BigEndian.i32(file, nextChunk + 4) != PngChunk.IDAT) {
            throw new UnreadableImageException(
                    "PNG: expected more image data, found the end of the last IDAT chunk: the image is truncated");
        }
        int length = BigEndian.i32(file, nextChunk);
        inflater.setInput(file, nextChunk + PngChunk.BEFORE, length);
        nextChunk += length + PngChunk.AROUND;
    }
}
