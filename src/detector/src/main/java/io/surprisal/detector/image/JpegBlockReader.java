package io.surprisal.detector.image;

/**
 * Reads what one scan says about one block. The five ways are those of T.81: sequential (F.2.2), and progressive's
 * first and refining scans of DC and of AC coefficients (G.1.2).
 */
sealed interface JpegBlockReader
        permits JpegSequentialReader, JpegDcFirstReader, JpegDcRefiningReader, JpegAcFirstReader, JpegAcRefiningReader {

    static JpegBlockReader of(JpegScan scan, JpegFrame frame, JpegTables tables, JpegBits bits) {
        if (!frame.progressive()) {
            return new JpegSequentialReader(scan, tables, bits);
        }
        boolean first = scan.highBit() == 0;
        if (scan.firstIndex() == 0) {
            return first ? new JpegDcFirstReader(scan, tables, bits) : new JpegDcRefiningReader(scan, bits);
        }
        return first ? new JpegAcFirstReader(scan, tables, bits) : new JpegAcRefiningReader(scan, tables, bits);
    }

    /**
     * Reads a block.
     *
     * @param coefficients of the whole component, row by row within a block; changed
     * @param at where the block starts
     * @param slot which of the scan's components it belongs to
     */
    void read(short[] coefficients, int at, int slot);

    /** Forgets predictions and runs: a restart marker came. */
    void restart();

    static UnreadableImageException tooManyCoefficients() {
        return new UnreadableImageException(
                "JPEG: expected at most 64 coefficients in a block, found more: the image data is damaged");
    }
}
