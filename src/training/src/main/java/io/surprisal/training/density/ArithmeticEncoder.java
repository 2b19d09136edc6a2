package io.surprisal.training.density;

import java.io.ByteArrayOutputStream;

/**
 * The encoder of Witten, Neal and Cleary ("Arithmetic Coding for Data Compression", CACM 1987) with 32 bits of state: an interval that is
 * narrowed to each symbol's share, and whose leading bits are written as soon as they are certain.
 */
final class ArithmeticEncoder {
    static final long WHOLE = 1L << 32;
    static final long HALF = WHOLE >> 1;
    static final long QUARTER = WHOLE >> 2;

    private final int total;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long low;
    private long high = WHOLE - 1;
    private long undecided;
    private int current;
    private int filled;

    /** @param total of the shares of all symbols, at most 2^30 */
    ArithmeticEncoder(int total) {
        this.total = total;
    }

    /** Codes the symbol whose share of the total lies between two numbers, the first below the second. */
    void encode(int from, int to) {
        long range = high - low + 1;
        high = low + range * to / total - 1;
        low += range * from / total;
        while (true) {
            if (high < HALF) {
                decided(0);
            } else if (low >= HALF) {
                decided(1);
                low -= HALF;
                high -= HALF;
            } else if (low >= QUARTER && high < HALF + QUARTER) {
                undecided++;
                low -= QUARTER;
                high -= QUARTER;
            } else {
                return;
            }
            low <<= 1;
            high = (high << 1) | 1;
        }
    }

    /** The code; nothing can be encoded after. */
    byte[] finish() {
        undecided++;
        decided(low < QUARTER ? 0 : 1);
        while (filled != 0) {
            write(0);
        }
        return bytes.toByteArray();
    }

    private void decided(int bit) {
        write(bit);
        for (; undecided > 0; undecided--) {
            write(1 - bit);
        }
    }

    private void write(int bit) {
        current = (current << 1) | bit;
        if (++filled == 8) {
            bytes.write(current);
            current = 0;
            filled = 0;
        }
    }
}
