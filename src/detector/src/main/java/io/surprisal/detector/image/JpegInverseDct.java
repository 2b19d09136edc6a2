package io.surprisal.detector.image;

/**
 * Coefficients → samples of 8×8 blocks: T.81, A.3.3 to A.3.5.
 *
 * <p>The algorithm is Loeffler, Ligtenberg and Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications"
 * (ICASSP 1989), columns first, in integers with 13 bits of fraction and 2 extra bits between the passes. That is the
 * precision libjpeg chose for its accurate integer method, so that both give the same samples.
 */
final class JpegInverseDct {
    private static final int SIDE = 8;
    private static final int FRACTION = 13;
    private static final int BETWEEN_PASSES = 2;
    /** An 8-point transform of each direction scales by √8; both by 8. */
    private static final int SCALE = 3;

    private static final int CENTRE = 128;

    private static final int F_0_298631336 = 2446;
    private static final int F_0_390180644 = 3196;
    private static final int F_0_541196100 = 4433;
    private static final int F_0_765366865 = 6270;
    private static final int F_0_899976223 = 7373;
    private static final int F_1_175875602 = 9633;
    private static final int F_1_501321110 = 12_299;
    private static final int F_1_847759065 = 15_137;
    private static final int F_1_961570560 = 16_069;
    private static final int F_2_053119869 = 16_819;
    private static final int F_2_562915447 = 20_995;
    private static final int F_3_072711026 = 25_172;

    private final int[] work = new int[SIDE * SIDE];

    /**
     * Transforms one block.
     *
     * @param coefficients quantised, row by row from {@code from}
     * @param steps quantisation steps, row by row
     * @param target receives 8 rows of 8 samples, 0..255
     * @param at where the first goes
     * @param stride samples from a row to the next
     */
    void transform(short[] coefficients, int from, int[] steps, byte[] target, int at, int stride) {
        for (int i = 0; i < work.length; i++) {
            work[i] = coefficients[from + i] * steps[i];
        }
        for (int column = 0; column < SIDE; column++) {
            transformColumn(column);
        }
        for (int row = 0; row < SIDE; row++) {
            int first = row * SIDE;
            transform(first, 1, FRACTION + BETWEEN_PASSES + SCALE);
            for (int x = 0; x < SIDE; x++) {
                target[at + row * stride + x] = (byte) Math.clamp(work[first + x] + CENTRE, 0, 255);
            }
        }
    }

    private void transformColumn(int column) {
        int alternating = 0;
        for (int i = column + SIDE; i < work.length; i += SIDE) {
            alternating |= work[i];
        }
        if (alternating != 0) {
            transform(column, SIDE, FRACTION - BETWEEN_PASSES);
            return;
        }
        // Only a constant term, as in most columns: what the transform below would give, exactly.
        int constant = work[column] << BETWEEN_PASSES;
        for (int i = column; i < work.length; i += SIDE) {
            work[i] = constant;
        }
    }

    /** An 8-point transform in place of work[at], work[at + step], …; the results lose {@code shift} bits, rounded. */
    private void transform(int at, int step, int shift) {
        // Even part.
        int x2 = work[at + 2 * step];
        int x6 = work[at + 6 * step];
        int z1 = (x2 + x6) * F_0_541196100;
        int e2 = z1 - x6 * F_1_847759065;
        int e3 = z1 + x2 * F_0_765366865;
        int x0 = work[at];
        int x4 = work[at + 4 * step];
        int e0 = (x0 + x4) << FRACTION;
        int e1 = (x0 - x4) << FRACTION;
        int a0 = e0 + e3;
        int a1 = e1 + e2;
        int a2 = e1 - e2;
        int a3 = e0 - e3;

        // Odd part.
        int x1 = work[at + step];
        int x3 = work[at + 3 * step];
        int x5 = work[at + 5 * step];
        int x7 = work[at + 7 * step];
        int z5 = (x7 + x3 + x5 + x1) * F_1_175875602;
        int y1 = -(x7 + x1) * F_0_899976223;
        int y2 = -(x5 + x3) * F_2_562915447;
        int y3 = z5 - (x7 + x3) * F_1_961570560;
        int y4 = z5 - (x5 + x1) * F_0_390180644;
        int b0 = x1 * F_1_501321110 + y1 + y4;
        int b1 = x3 * F_3_072711026 + y2 + y3;
        int b2 = x5 * F_2_053119869 + y2 + y4;
        int b3 = x7 * F_0_298631336 + y1 + y3;

        int half = 1 << (shift - 1);
        work[at] = (a0 + b0 + half) >> shift;
        work[at + 7 * step] = (a0 - b0 + half) >> shift;
        work[at + step] = (a1 + b1 + half) >> shift;
        work[at + 6 * step] = (a1 - b1 + half) >> shift;
        work[at + 2 * step] = (a2 + b2 + half) >> shift;
        work[at + 5 * step] = (a2 - b2 + half) >> shift;
        work[at + 3 * step] = (a3 + b3 + half) >> shift;
        work[at + 4 * step] = (a3 - b3 + half) >> shift;
    }
}
