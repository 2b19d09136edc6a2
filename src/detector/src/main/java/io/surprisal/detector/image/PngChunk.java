package io.surprisal.detector.image;

/**
 * One chunk of a PNG: third edition, 5.3.
 *
 * @param type its four letters as a number
 * @param from where its data start in the file
 * @param length bytes of data
 */
record PngChunk(int type, int from, int length) {
    static final int IHDR = 0x49484452;
    static final int PLTE = 0x504C5445;
    static final int IDAT = 0x49444154;
    static final int IEND = 0x49454E44;
    static final int TRNS = 0x74524E53;
    static final int ACTL = 0x6163544C;

    /** Length and type before the data. */
    static final int BEFORE = 8;
    /** Length, type and checksum around the data. */
    static final int AROUND = 12;

    private static final int LOWER_CASE = 0x20;

    /** Whether a decoder that does not know the chunk has to give up: 5.4, bit 5 of the first byte. */
    boolean critical() {
        return ((type >>> 24) & LOWER_CASE) == 0;
    }

    boolean lettersOnly() {
        for (int shift = 24; shift >= 0; shift -= 8) {
            int letter = (type >>> shift) & 0xFF & ~LOWER_CASE;
            if (letter < 'A' || letter > 'Z') {
                return false;
            }
        }
        return true;
    }

    String name() {
        if (!lettersOnly()) {
            return "0x" + Integer.toHexString(type);
        }
        return "" + (char) (type >>> 24) + (char) ((type >>> 16) & 0xFF) + (char) ((type >>> 8) & 0xFF)
                + (char) (type & 0xFF);
    }
}
