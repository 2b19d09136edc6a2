package io.surprisal.detector.image;

/**
 * Entropy-coded data of one scan → coefficients of its components: T.81, A.2 (the order of blocks), E.2.4
 * (restart intervals).
 */
final class JpegScanDecoder {
    private final JpegFrame frame;
    private final JpegScan scan;
    private final JpegBits bits;
    private final JpegBlockReader reader;
    private final int restartInterval;
    private int unitsRead;

    JpegScanDecoder(JpegFrame frame, JpegScan scan, JpegTables tables, JpegBits bits) {
        this.frame = frame;
        this.scan = scan;
        this.bits = bits;
        this.reader = JpegBlockReader.of(scan, frame, tables, bits);
        this.restartInterval = tables.restartInterval();
    }

    /** Reads the whole scan; gives the position of the marker behind it. */
    int decode() {
        if (scan.interleaved()) {
            decodeUnits();
        } else {
            decodeBlocks(scan.slots().getFirst().component());
        }
        return bits.endOfSegment();
    }

    /** A.2.2: a lone component's blocks, row by row, only those that hold samples. */
    private void decodeBlocks(JpegComponent component) {
        for (int row = 0; row < component.blocksHigh(); row++) {
            for (int column = 0; column < component.blocksWide(); column++) {
                restartWhenDue();
                reader.read(component.coefficients(), component.blockAt(row, column), 0);
            }
        }
    }

    /** A.2.3: units of all components in turn, each with its sampling factors' blocks, padded to whole units. */
    private void decodeUnits() {
        for (int row = 0; row < frame.unitsHigh(); row++) {
            for (int column = 0; column < frame.unitsWide(); column++) {
                restartWhenDue();
                for (int slot = 0; slot < scan.slots().size(); slot++) {
                    decodeUnit(scan.slots().get(slot).component(), slot, row, column);
                }
            }
        }
    }

    private void decodeUnit(JpegComponent component, int slot, int row, int column) {
        for (int y = 0; y < component.vertical(); y++) {
            for (int x = 0; x < component.horizontal(); x++) {
                int at = component.blockAt(row * component.vertical() + y, column * component.horizontal() + x);
                reader.read(component.coefficients(), at, slot);
            }
        }
    }

    private void restartWhenDue() {
        if (restartInterval > 0 && unitsRead > 0 && unitsRead % restartInterval == 0) {
            bits.restart(JpegMarker.RST0 + (unitsRead / restartInterval - 1) % 8);
            reader.restart();
        }
        unitsRead++;
    }
}
