package io.surprisal.detector.image;

/**
 * The bits of an entropy-coded segment: T.81, F.2.2.5; a 0x00 stuffed behind 0xFF is taken out (B.1.1.5), and a marker
 * ends the segment. Looking ahead past the end shows zeros, reading past it is an error.
 */
final class JpegBits {
    private final byte[] file;
    private int at;
    /** The next bits, leftmost first; those behind {@link #available} are zero. */
    private long buffer;

    private int available;

    JpegBits(byte[] file, int from) {
        this.file = file;
        this.at = from;
    }

    /**
     * Looks at the next bits.
     *
     * @param count 1..16
     */
    int peek(int count) {
        if (available < count) {
            fill();
        }
        return (int) (buffer >>> (Long.SIZE - count));
    }

    void skip(int count) {
        if (count > available) {
            throw new UnreadableImageException("JPEG: expected more image data before byte " + at
                    + ", found a marker or the end of the file: the image is truncated or damaged");
        }
        buffer <<= count;
        available -= count;
    }

    /**
     * Reads an unsigned number.
     *
     * @param count bits, 0..16
     */
    int read(int count) {
        if (count == 0) {
            return 0;
        }
        int value = peek(count);
        skip(count);
        return value;
    }

    /**
     * Reads a number of a magnitude category: T.81, F.2.2.1, EXTEND; the lower half of the codes are negative.
     *
     * @param count bits, the category, 0..15
     */
    int readSigned(int count) {
        int value = read(count);
        return count > 0 && value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
    }

    /** Drops what is left of the segment, and reads the restart marker that has to follow: T.81, E.2.4. */
    void restart(int expected) {
        at = endOfSegment();
        int marker = at + 1 < file.length ? file[at + 1] & 0xFF : -1;
        if (marker != expected) {
            throw new UnreadableImageException("JPEG: expected restart marker " + (expected - JpegMarker.RST0)
                    + " at byte " + at + ", found "
                    + (marker < 0 ? "the end of the file" : JpegMarker.describe(marker))
                    + ": the image is truncated or damaged");
        }
        at += 2;
        buffer = 0;
        available = 0;
    }

    /** Where the next marker is, or the end of the file; the last of several 0xFF belongs to the marker. */
    int endOfSegment() {
        int end = at;
        while (end + 1 < file.length && !(file[end] == (byte) 0xFF && isMarker(file[end + 1]))) {
            end++;
        }
        return end + 1 < file.length ? end : file.length;
    }

    private static boolean isMarker(byte second) {
        return second != 0 && second != (byte) 0xFF;
    }

    private void fill() {
        while (available <= Long.SIZE - Byte.SIZE && at < file.length) {
            int next = file[at] & 0xFF;
            if (next == 0xFF) {
                if (at + 1 >= file.length || file[at + 1] != 0) {
                    return;
                }
                at++;
            }
            at++;
            buffer |= (long) next << (Long.SIZE - Byte.SIZE - available);
            available += Byte.SIZE;
        }
    }
}
