package io.surprisal.detector.image;

/** A whole block: T.81, F.2.2.1 (DC) and F.2.2.2 (AC, runs of zeros and magnitudes). */
final class JpegSequentialReader implements JpegBlockReader {
    private static final int RUN_OF_16 = 0xF0;

    private final JpegBits bits;
    private final JpegDcDecoder dc;
    private final JpegHuffmanTable[] ac;

    JpegSequentialReader(JpegScan scan, JpegTables tables, JpegBits bits) {
        this.bits = bits;
        this.dc = new JpegDcDecoder(scan, tables, bits);
        this.ac = scan.slots().stream().map(slot -> tables.ac(slot.ac())).toArray(JpegHuffmanTable[]::new);
    }

    @Override
    public void read(short[] coefficients, int at, int slot) {
        coefficients[at] = (short) dc.next(slot);
        JpegHuffmanTable table = ac[slot];
        for (int k = 1; k < JpegComponent.BLOCK; k++) {
            int symbol = table.decode(bits);
            int size = symbol & 0xF;
            if (size == 0) {
                if (symbol != RUN_OF_16) {
                    return;
                }
                k += 15;
                continue;
            }
            k += symbol >> 4;
            if (k >= JpegComponent.BLOCK) {
                throw JpegBlockReader.tooManyCoefficients();
            }
            coefficients[at + JpegZigzag.row(k)] = (short) bits.readSigned(size);
        }
    }

    @Override
    public void restart() {
        dc.restart();
    }
}
