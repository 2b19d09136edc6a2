package io.surprisal.detector.image;

/**
 * Undoes the filter of a row: PNG third edition, 9.2. A row's byte 0 is the filter type, its samples follow; bytes left
 * of the row and above the first one count as 0.
 */
final class PngFilter {
    private PngFilter() {}

    /**
     * @param row filtered; becomes plain
     * @param above the row before, plain
     * @param length bytes of samples
     * @param pixel bytes a pixel, at least 1
     */
    static void undo(byte[] row, byte[] above, int length, int pixel) {
        switch (row[0]) {
            case 0 -> {}
            case 1 -> undoSub(row, length, pixel);
            case 2 -> undoUp(row, above, length);
            case 3 -> undoAverage(row, above, length, pixel);
            case 4 -> undoPaeth(row, above, length, pixel);
            default -> throw new UnreadableImageException("PNG: expected filter type 0..4, found " + (row[0] & 0xFF));
        }
    }

    private static void undoSub(byte[] row, int length, int pixel) {
        for (int i = 1 + pixel; i <= length; i++) {
            row[i] += row[i - pixel];
        }
    }

    private static void undoUp(byte[] row, byte[] above, int length) {
        for (int i = 1; i <= length; i++) {
            row[i] += above[i];
        }
    }

    private static void undoAverage(byte[] row, byte[] above, int length, int pixel) {
        int first = Math.min(pixel, length);
        for (int i = 1; i <= first; i++) {
            row[i] += (byte) ((above[i] & 0xFF) >> 1);
        }
        for (int i = 1 + pixel; i <= length; i++) {
            row[i] += (byte) (((row[i - pixel] & 0xFF) + (above[i] & 0xFF)) >> 1);
        }
    }

    private static void undoPaeth(byte[] row, byte[] above, int length, int pixel) {
        int first = Math.min(pixel, length);
        for (int i = 1; i <= first; i++) {
            row[i] += above[i];
        }
        for (int i = 1 + pixel; i <= length; i++) {
            row[i] += (byte) paeth(row[i - pixel] & 0xFF, above[i] & 0xFF, above[i - pixel] & 0xFF);
        }
    }

    /** 9.4: whichever of left, above and upper left is nearest to left + above − upper left; ties in this order. */
    private static int paeth(int left, int up, int upLeft) {
        int toLeft = Math.abs(up - upLeft);
        int toUp = Math.abs(left - upLeft);
        int toUpLeft = Math.abs(left + up - 2 * upLeft);
        if (toLeft <= toUp && toLeft <= toUpLeft) {
            return left;
        }
        return toUp <= toUpLeft ? up : upLeft;
    }
}
