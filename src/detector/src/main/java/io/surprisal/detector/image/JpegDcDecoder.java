package io.surprisal.detector.image;

import java.util.Arrays;

/** DC coefficients as differences from the block before, of the same component: T.81, F.2.2.1. */
final class JpegDcDecoder {
    private final JpegBits bits;
    private final JpegHuffmanTable[] tables;
    private final int[] predictions;

    JpegDcDecoder(JpegScan scan, JpegTables tables, JpegBits bits) {
        this.bits = bits;
        this.tables = scan.slots().stream().map(slot -> tables.dc(slot.dc())).toArray(JpegHuffmanTable[]::new);
        this.predictions = new int[scan.slots().size()];
    }

    int next(int slot) {
        predictions[slot] += bits.readSigned(tables[slot].decode(bits));
        return predictions[slot];
    }

    void restart() {
        Arrays.fill(predictions, 0);
    }
}
