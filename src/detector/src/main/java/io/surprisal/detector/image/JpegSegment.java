package io.surprisal.detector.image;

/**
 * The parameters after a marker, without their length: T.81, B.1.1.4. Positions count from the start of the parameters;
 * reading past the end is the file's fault.
 *
 * @param file the whole file
 * @param marker which marker it follows
 * @param from where the parameters start in the file
 * @param length bytes of parameters
 */
record JpegSegment(byte[] file, int marker, int from, int length) {

    int u8(int at) {
        require(at, 1);
        return BigEndian.u8(file, from + at);
    }

    int u16(int at) {
        require(at, 2);
        return BigEndian.u16(file, from + at);
    }

    /** Whether the parameters start with this text. */
    boolean startsWith(String text) {
        if (length < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (file[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    void require(int at, int bytes) {
        if (at + bytes > length) {
            throw new UnreadableImageException("JPEG: expected at least " + (at + bytes) + " bytes of parameters for "
                    + JpegMarker.describe(marker) + ", found " + length);
        }
    }
}
