package io.surprisal.detector.image;

/**
 * Progressive, refining scan of some AC coefficients: T.81, G.1.2.3. Each coefficient that is not zero yet gets a
 * correction bit as the reader passes it; a symbol says after how many that are still zero a new ±1 (at this bit)
 * comes.
 */
final class JpegAcRefiningReader implements JpegBlockReader {
    private static final int RUN_OF_16 = 15;

    private final JpegScan scan;
    private final JpegBits bits;
    private final JpegHuffmanTable table;
    private final short one;
    /** Blocks still to come, this one included, in which nothing new appears. */
    private int quietBlocks;

    JpegAcRefiningReader(JpegScan scan, JpegTables tables, JpegBits bits) {
        this.scan = scan;
        this.bits = bits;
        this.table = tables.ac(scan.slots().getFirst().ac());
        this.one = (short) (1 << scan.lowBit());
    }

    @Override
    public void read(short[] coefficients, int at, int slot) {
        int k = scan.firstIndex();
        while (quietBlocks == 0 && k <= scan.lastIndex()) {
            int symbol = table.decode(bits);
            int run = symbol >> 4;
            int size = symbol & 0xF;
            if (size > 1) {
                throw new UnreadableImageException(
                        "JPEG: expected new coefficients of size 1 in a refining scan, found " + size
                                + ": the image data is damaged");
            }
            if (size == 0 && run < RUN_OF_16) {
                quietBlocks = (1 << run) + bits.read(run);
                break;
            }
            // The sign comes before the correction bits of the coefficients passed on the way.
            short fresh = size == 0 ? 0 : (short) (bits.read(1) == 1 ? one : -one);
            k = pass(coefficients, at, k, run);
            if (fresh != 0) {
                if (k > scan.lastIndex()) {
                    throw JpegBlockReader.tooManyCoefficients();
                }
                coefficients[at + JpegZigzag.row(k)] = fresh;
            }
            k++;
        }
        if (quietBlocks > 0) {
            pass(coefficients, at, k, Integer.MAX_VALUE);
            quietBlocks--;
        }
    }

    /** Corrects coefficients from k on, and stops at the zero after {@code zeros} zeros, or behind the scan's last. */
    private int pass(short[] coefficients, int at, int from, int zeros) {
        int left = zeros;
        for (int k = from; k <= scan.lastIndex(); k++) {
            int index = at + JpegZigzag.row(k);
            if (coefficients[index] != 0) {
                correct(coefficients, index);
            } else if (--left < 0) {
                return k;
            }
        }
        return scan.lastIndex() + 1;
    }

    private void correct(short[] coefficients, int index) {
        short value = coefficients[index];
        // Away from zero: the magnitude's next lower bit is set.
        if (bits.read(1) == 1) {
            coefficients[index] = (short) (value > 0 ? value + one : value - one);
        }
    }

    @Override
    public void restart() {
        quietBlocks = 0;
    }
}
