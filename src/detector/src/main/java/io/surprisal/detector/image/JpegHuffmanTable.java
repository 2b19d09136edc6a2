package io.surprisal.detector.image;

import java.util.Arrays;

/**
 * A canonical Huffman code: T.81, annex C (how the codes follow from their number at each length) and F.2.2.3
 * (decoding). Codes of up to 8 bits are found in one look-up.
 */
final class JpegHuffmanTable {
    private static final int MAX_LENGTH = 16;
    private static final int FAST_BITS = 8;

    /** By the next 8 bits: length of the code in the high byte, symbol in the low one; 0 when the code is longer. */
    private final short[] fast = new short[1 << FAST_BITS];
    /** By length: first code that is too large for it, aligned to 16 bits. */
    private final int[] limit = new int[MAX_LENGTH + 1];
    /** By length: what to add to a code to get its symbol's index. */
    private final int[] offset = new int[MAX_LENGTH + 1];

    private final byte[] symbols;

    /**
     * @param counts number of codes of length 1..16
     * @param symbols in the order of their codes
     */
    JpegHuffmanTable(int[] counts, byte[] symbols) {
        this.symbols = symbols;
        int code = 0;
        int index = 0;
        for (int length = 1; length <= MAX_LENGTH; length++) {
            int count = counts[length - 1];
            if (code + count > 1 << length) {
                throw new UnreadableImageException("JPEG: expected a Huffman table with at most "
                        + ((1 << length) - code) + " more codes of " + length + " bits, found " + count);
            }
            offset[length] = index - code;
            if (length <= FAST_BITS) {
                fillFast(code, length, count, index);
            }
            code += count;
            index += count;
            limit[length] = code << (MAX_LENGTH - length);
            code <<= 1;
        }
    }

    private void fillFast(int code, int length, int count, int index) {
        int spread = 1 << (FAST_BITS - length);
        for (int i = 0; i < count; i++) {
            short entry = (short) ((length << 8) | (symbols[index + i] & 0xFF));
            int first = (code + i) * spread;
            Arrays.fill(fast, first, first + spread, entry);
        }
    }

    /** Reads one symbol, 0..255. */
    int decode(JpegBits bits) {
        int next = bits.peek(MAX_LENGTH);
        int entry = fast[next >>> (MAX_LENGTH - FAST_BITS)];
        if (entry != 0) {
            bits.skip(entry >>> 8);
            return entry & 0xFF;
        }
        for (int length = FAST_BITS + 1; length <= MAX_LENGTH; length++) {
            if (next < limit[length]) {
                bits.skip(length);
                return symbols[(next >>> (MAX_LENGTH - length)) + offset[length]] & 0xFF;
            }
        }
        throw new UnreadableImageException("JPEG: expected a code of the Huffman table, found the bits "
                + Integer.toBinaryString(next) + ": the image data is damaged");
    }
}
