package io.surprisal.detector.image;

/**
 * Samples of an unfiltered row (byte 0 is its filter type): PNG third edition, 7.2, and their scaling to 8 bits, 13.12.
 */
final class PngSamples {
    private PngSamples() {}

    /**
     * One sample of a row.
     *
     * @param index which sample of the row
     * @param depth bits a sample; below 8, the leftmost sample is in a byte's high bits
     * @return 0..2^depth − 1
     */
    static int at(byte[] row, int index, int depth) {
        return switch (depth) {
            case 8 -> row[1 + index] & 0xFF;
            case 16 -> BigEndian.u16(row, 1 + 2 * index);
            default -> {
                int bit = index * depth;
                yield (row[1 + (bit >> 3)] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
            }
        };
    }

    /** Nearest 8-bit level, {@code round(sample · 255 / (2^depth − 1))}: exact up to 8 bits, never a tie at 16. */
    static int toByte(int sample, int depth) {
        int largest = (1 << depth) - 1;
        return (sample * 255 + largest / 2) / largest;
    }
}
