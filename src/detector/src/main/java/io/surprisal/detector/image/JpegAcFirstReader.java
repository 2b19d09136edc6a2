package io.surprisal.detector.image;

/** Progressive, first scan of some AC coefficients: as sequential, and runs of blocks that end here; T.81, G.1.2.2. */
final class JpegAcFirstReader implements JpegBlockReader {
    private static final int RUN_OF_16 = 15;

    private final JpegScan scan;
    private final JpegBits bits;
    private final JpegHuffmanTable table;
    /** Blocks still to come that have nothing in this scan. */
    private int emptyBlocks;

    JpegAcFirstReader(JpegScan scan, JpegTables tables, JpegBits bits) {
        this.scan = scan;
        this.bits = bits;
        this.table = tables.ac(scan.slots().getFirst().ac());
    }

    @Override
    public void read(short[] coefficients, int at, int slot) {
        if (emptyBlocks > 0) {
            emptyBlocks--;
            return;
        }
        for (int k = scan.firstIndex(); k <= scan.lastIndex(); k++) {
            int symbol = table.decode(bits);
            int run = symbol >> 4;
            int size = symbol & 0xF;
            if (size == 0 && run < RUN_OF_16) {
                emptyBlocks = (1 << run) + bits.read(run) - 1;
                return;
            }
            k += run;
            if (size == 0) {
                continue;
            }
            if (k > scan.lastIndex()) {
                throw JpegBlockReader.tooManyCoefficients();
            }
            coefficients[at + JpegZigzag.row(k)] = (short) (bits.readSigned(size) << scan.lowBit());
        }
    }

    @Override
    public void restart() {
        emptyBlocks = 0;
    }
}
