package io.surprisal.detector.image;

/** Progressive, refining scan of DC: one more bit a block, as it is; T.81, G.1.2.1. */
final class JpegDcRefiningReader implements JpegBlockReader {
    private final JpegBits bits;
    private final int lowBit;

    JpegDcRefiningReader(JpegScan scan, JpegBits bits) {
        this.bits = bits;
        this.lowBit = scan.lowBit();
    }

    @Override
    public void read(short[] coefficients, int at, int slot) {
        coefficients[at] |= (short) (bits.read(1) << lowBit);
    }

    @Override
    public void restart() {
        // Nothing is predicted.
    }
}
