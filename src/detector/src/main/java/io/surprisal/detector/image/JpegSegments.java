package io.surprisal.detector.image;

/**
 * Walks the markers of a JPEG: T.81, B.1.1. Fill bytes (0xFF) before a marker are skipped, anything else is refused.
 */
final class JpegSegments {
    private final byte[] file;
    private int at = 2;

    JpegSegments(byte[] file) {
        this.file = file;
    }

    /** Reads the next marker's code; a file that ends before its end-of-image marker is truncated. */
    int nextMarker() {
        int start = at;
        while (at < file.length && file[at] == (byte) 0xFF) {
            at++;
        }
        if (at >= file.length) {
            throw new UnreadableImageException(
                    "JPEG: expected a marker (the last says end of image), found the end of the file at byte " + at
                            + ": it is truncated");
        }
        if (at == start) {
            throw new UnreadableImageException("JPEG: expected a marker (0xFF) at byte " + at + ", found 0x"
                    + Integer.toHexString(file[at] & 0xFF));
        }
        return file[at++] & 0xFF;
    }

    /** The parameters of the marker just read. */
    JpegSegment segment(int marker) {
        int left = file.length - at;
        int length = left < 2 ? 2 : BigEndian.u16(file, at);
        if (length < 2 || length > left) {
            throw new UnreadableImageException("JPEG: expected " + Math.max(2, length) + " bytes for "
                    + JpegMarker.describe(marker) + " at byte " + at + ", found " + left
                    + ": the file is truncated or damaged");
        }
        JpegSegment segment = new JpegSegment(file, marker, at + 2, length - 2);
        at += length;
        return segment;
    }

    int position() {
        return at;
    }

    /** Goes on behind a scan's entropy-coded data. */
    void moveTo(int position) {
        at = position;
    }
}
