package io.surprisal.detector.image;

/** Progressive, first scan of DC: its high bits, predicted as in a sequential scan; T.81, G.1.2.1. */
final class JpegDcFirstReader implements JpegBlockReader {
    private final JpegDcDecoder dc;
    private final int lowBit;

    JpegDcFirstReader(JpegScan scan, JpegTables tables, JpegBits bits) {
        this.dc = new JpegDcDecoder(scan, tables, bits);
        this.lowBit = scan.lowBit();
    }

    @Override
    public void read(short[] coefficients, int at, int slot) {
        coefficients[at] = (short) (dc.next(slot) << lowBit);
    }

    @Override
    public void restart() {
        dc.restart();
    }
}
