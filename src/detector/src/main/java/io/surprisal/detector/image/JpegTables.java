package io.surprisal.detector.image;

import org.jspecify.annotations.Nullable;

/**
 * The tables in force at a point of a JPEG file: T.81, B.2.4. Four places for each kind; a later table replaces one.
 */
final class JpegTables {
    private static final int PLACES = 4;
    private static final int COEFFICIENTS = 64;
    private static final int CODE_LENGTHS = 16;
    private static final int MAX_SYMBOLS = 256;
    private static final int MAX_CATEGORY = 15;

    private final int[] @Nullable [] quantisation = new int[PLACES][];
    private final @Nullable JpegHuffmanTable[] dc = new JpegHuffmanTable[PLACES];
    private final @Nullable JpegHuffmanTable[] ac = new JpegHuffmanTable[PLACES];
    private int restartInterval;

    /** B.2.4.1: one or more tables of 64 steps in zigzag order, of 8 or 16 bits; kept in row order. */
    void defineQuantisation(JpegSegment segment) {
        int at = 0;
        while (at < segment.length()) {
            int bytes = 1 + (segment.u8(at) >> 4);
            int place = place(segment.u8(at++) & 0xF, "quantisation");
            if (bytes > 2) {
                throw new UnreadableImageException(
                        "JPEG: expected quantisation steps of 8 or 16 bits, found precision " + (bytes - 1));
            }
            segment.require(at, COEFFICIENTS * bytes);
            int[] steps = new int[COEFFICIENTS];
            for (int k = 0; k < COEFFICIENTS; k++, at += bytes) {
                steps[JpegZigzag.row(k)] = bytes == 1 ? segment.u8(at) : segment.u16(at);
            }
            quantisation[place] = steps;
        }
    }

    /** B.2.4.2: one or more Huffman tables: class and place, 16 counts, the symbols. */
    void defineHuffman(JpegSegment segment) {
        int at = 0;
        while (at < segment.length()) {
            int kind = segment.u8(at) >> 4;
            if (kind > 1) {
                throw new UnreadableImageException("JPEG: expected Huffman table class 0 or 1, found " + kind);
            }
            boolean forAc = kind == 1;
            int place = place(segment.u8(at++) & 0xF, "Huffman");
            int[] counts = new int[CODE_LENGTHS];
            int total = 0;
            for (int length = 0; length < CODE_LENGTHS; length++) {
                counts[length] = segment.u8(at++);
                total += counts[length];
            }
            if (total > MAX_SYMBOLS) {
                throw new UnreadableImageException(
                        "JPEG: expected at most " + MAX_SYMBOLS + " codes in a Huffman table, found " + total);
            }
            byte[] symbols = new byte[total];
            for (int i = 0; i < total; i++) {
                symbols[i] = (byte) symbol(segment.u8(at++), forAc);
            }
            (forAc ? ac : dc)[place] = new JpegHuffmanTable(counts, symbols);
        }
    }

    /** B.2.4.4. */
    void defineRestartInterval(JpegSegment segment) {
        restartInterval = segment.u16(0);
    }

    /** Minimum coded units between restart markers; 0 when there are none. */
    int restartInterval() {
        return restartInterval;
    }

    int[] quantisation(int place) {
        int[] steps = quantisation[place(place, "quantisation")];
        if (steps == null) {
            throw undefined("quantisation", place);
        }
        return steps;
    }

    JpegHuffmanTable dc(int place) {
        return defined(dc, place, "DC Huffman");
    }

    JpegHuffmanTable ac(int place) {
        return defined(ac, place, "AC Huffman");
    }

    private static JpegHuffmanTable defined(@Nullable JpegHuffmanTable[] tables, int place, String kind) {
        JpegHuffmanTable table = tables[place(place, kind)];
        if (table == null) {
            throw undefined(kind, place);
        }
        return table;
    }

    private static int place(int place, String kind) {
        if (place >= PLACES) {
            throw new UnreadableImageException("JPEG: expected number 0..3 of a table (" + kind + "), found " + place);
        }
        return place;
    }

    private static int symbol(int symbol, boolean forAc) {
        if (!forAc && symbol > MAX_CATEGORY) {
            throw new UnreadableImageException("JPEG: expected DC categories 0..15, found " + symbol);
        }
        return symbol;
    }

    private static UnreadableImageException undefined(String kind, int place) {
        return new UnreadableImageException(
                "JPEG: expected " + kind + " table " + place + " before the scan that uses it, found none");
    }
}
