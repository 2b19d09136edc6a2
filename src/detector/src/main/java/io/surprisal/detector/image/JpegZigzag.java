package io.surprisal.detector.image;

/** The order in which a block's 64 coefficients are coded: T.81, figure A.6, walked rather than listed. */
final class JpegZigzag {
    private static final int SIDE = 8;
    private static final byte[] ROW_ORDER = walk();

    private JpegZigzag() {}

    /** Where the k-th coded coefficient stands in the block, row by row. */
    static int row(int k) {
        return ROW_ORDER[k];
    }

    private static byte[] walk() {
        byte[] order = new byte[SIDE * SIDE];
        int k = 0;
        for (int diagonal = 0; diagonal < 2 * SIDE - 1; diagonal++) {
            int shortest = Math.max(0, diagonal - SIDE + 1);
            for (int i = shortest; i <= diagonal - shortest; i++) {
                int row = diagonal % 2 == 0 ? diagonal - i : i;
                order[k++] = (byte) (row * SIDE + diagonal - row);
            }
        }
        return order;
    }
}
