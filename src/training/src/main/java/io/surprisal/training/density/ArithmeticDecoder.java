package io.surprisal.training.density;

import static io.surprisal.training.density.ArithmeticEncoder.HALF;
import static io.surprisal.training.density.ArithmeticEncoder.QUARTER;
import static io.surprisal.training.density.ArithmeticEncoder.WHOLE;

/** The inverse of {@link ArithmeticEncoder}. What follows the end of the code counts as zeros. */
final class ArithmeticDecoder {
    private final byte[] code;
    private final int total;
    private long low;
    private long high = WHOLE - 1;
    private long value;
    private int at;

    ArithmeticDecoder(byte[] code, int total) {
        this.code = code;
        this.total = total;
        for (int i = 0; i < Integer.SIZE; i++) {
            value = (value << 1) | bit();
        }
    }

    /**
     * The next symbol.
     *
     * @param cumulative for symbol k its share lies between {@code cumulative[k]} and {@code cumulative[k + 1]}; from 0 to the total
     */
    int decode(int[] cumulative) {
        long range = high - low + 1;
        long share = ((value - low + 1) * total - 1) / range;
        int below = 0;
        int above = cumulative.length - 1;
        while (above - below > 1) {
            int middle = (below + above) >>> 1;
            if (cumulative[middle] <= share) {
                below = middle;
            } else {
                above = middle;
            }
        }
        high = low + range * cumulative[below + 1] / total - 1;
        low += range * cumulative[below] / total;
        while (true) {
            long less;
            if (high < HALF) {
                less = 0;
            } else if (low >= HALF) {
                less = HALF;
            } else if (low >= QUARTER && high < HALF + QUARTER) {
                less = QUARTER;
            } else {
                return below;
            }
            low = (low - less) << 1;
            high = (high - less) << 1 | 1;
            value = (value - less) << 1 | bit();
        }
    }

    private int bit() {
        int bit = at / 8 < code.length ? (code[at / 8] >> (7 - at % 8)) & 1 : 0;
        at++;
        return bit;
    }
}
