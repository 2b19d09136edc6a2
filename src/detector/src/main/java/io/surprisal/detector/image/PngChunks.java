package io.surprisal.detector.image;

import java.util.zip.CRC32;

/**
 * Walks the chunks of a PNG in order, and checks that each is whole: PNG third edition, 5.3. The checksum (5.5) is
 * checked for critical chunks and for {@code tRNS}, which decides about pixels too; a text or time stamp with a wrong
 * one harms nobody.
 */
final class PngChunks {
    private final byte[] file;
    private int at;

    /**
     * @param from the end of the signature
     */
    PngChunks(byte[] file, int from) {
        this.file = file;
        this.at = from;
    }

    PngChunk next() {
        int left = file.length - at;
        if (left < PngChunk.AROUND) {
            throw new UnreadableImageException("PNG: expected another chunk at byte " + at
                    + " (the last is IEND), found " + left + " bytes: the file is truncated");
        }
        int length = BigEndian.i32(file, at);
        PngChunk chunk = new PngChunk(BigEndian.i32(file, at + 4), at + PngChunk.BEFORE, length);
        if (!chunk.lettersOnly()) {
            throw new UnreadableImageException(
                    "PNG: expected a chunk's four letters at byte " + (at + 4) + ", found " + chunk.name());
        }
        if (length < 0 || length > left - PngChunk.AROUND) {
            throw new UnreadableImageException("PNG: expected " + Integer.toUnsignedString(length) + " bytes of "
                    + chunk.name() + " at byte " + chunk.from() + ", found " + (left - PngChunk.AROUND)
                    + ": the file is truncated or damaged");
        }
        if (chunk.critical() || chunk.type() == PngChunk.TRNS) {
            requireChecksum(chunk);
        }
        at += length + PngChunk.AROUND;
        return chunk;
    }

    private void requireChecksum(PngChunk chunk) {
        CRC32 crc = new CRC32();
        crc.update(file, chunk.from() - 4, chunk.length() + 4);
        int computed = (int) crc.getValue();
        int stored = BigEndian.i32(file, chunk.from() + chunk.length());
        if (computed != stored) {
            throw new UnreadableImageException("PNG: expected checksum " + Integer.toHexString(stored) + " of "
                    + chunk.name() + " at byte " + chunk.from() + ", found " + Integer.toHexString(computed)
                    + ": the file is damaged");
        }
    }
}
