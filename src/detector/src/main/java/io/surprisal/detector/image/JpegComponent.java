package io.surprisal.detector.image;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One colour component of a frame: its sampling (T.81, A.1.1), its quantised coefficients as the scans fill them in,
 * and how far each coefficient has been sent (G.1.1.1).
 *
 * <p>Coefficients are kept for whole coded units, so that no scan writes outside: {@code storedWide · storedHigh}
 * blocks of 64, row by row within a block.
 */
final class JpegComponent {
    static final int BLOCK = 64;

    private static final int SIDE = 8;
    private static final int UNSENT = -1;

    private final int id;
    private final int horizontal;
    private final int vertical;
    private final int quantisationPlace;
    private final int width;
    private final int height;
    private final int storedWide;
    private final short[] coefficients;
    /** By zigzag index: the lowest bit sent so far; 0 when the coefficient is complete. */
    private final byte[] lowestBit = new byte[BLOCK];

    private int @Nullable [] quantisation;

    /**
     * @param sampling the frame's word on this component
     * @param width in samples of this component
     * @param height in samples of this component
     * @param storedWide blocks a row, whole coded units
     * @param storedHigh blocks a column, whole coded units
     */
    JpegComponent(JpegFrame.Sampling sampling, int width, int height, int storedWide, int storedHigh) {
        this.id = sampling.id();
        this.horizontal = sampling.horizontal();
        this.vertical = sampling.vertical();
        this.quantisationPlace = sampling.quantisation();
        this.width = width;
        this.height = height;
        this.storedWide = storedWide;
        this.coefficients = new short[storedWide * storedHigh * BLOCK];
        Arrays.fill(lowestBit, (byte) UNSENT);
    }

    int id() {
        return id;
    }

    int horizontal() {
        return horizontal;
    }

    int vertical() {
        return vertical;
    }

    /** Samples a row of this component, without padding. */
    int width() {
        return width;
    }

    /** Rows of this component, without padding. */
    int height() {
        return height;
    }

    /** Blocks a row that hold samples. */
    int blocksWide() {
        return (width + SIDE - 1) / SIDE;
    }

    /** Blocks a column that hold samples. */
    int blocksHigh() {
        return (height + SIDE - 1) / SIDE;
    }

    short[] coefficients() {
        return coefficients;
    }

    /** Where a block's coefficients start. */
    int blockAt(int row, int column) {
        return (row * storedWide + column) * BLOCK;
    }

    /** Quantisation steps, row by row: those in force when the component's first scan began. */
    int[] quantisation() {
        if (quantisation == null) {
            throw unfinished();
        }
        return quantisation;
    }

    /**
     * Notes that a scan is about to send bits of coefficients, and refuses one that is out of turn: each bit comes
     * once, high before low, the DC coefficient before the others. That also bounds the number of scans.
     */
    void advance(JpegScan scan, JpegTables tables) {
        if (scan.firstIndex() > 0 && lowestBit[0] == UNSENT) {
            throw new UnreadableImageException("JPEG: expected the DC coefficients of component " + id
                    + " before the others, found a scan of coefficients " + scan.firstIndex() + ".."
                    + scan.lastIndex());
        }
        int before = scan.highBit() == 0 ? UNSENT : scan.highBit();
        for (int k = scan.firstIndex(); k <= scan.lastIndex(); k++) {
            if (lowestBit[k] != before) {
                throw new UnreadableImageException(
                        "JPEG: expected every bit of a coefficient once and in order, found a"
                                + " scan that sends coefficient " + k + " of component " + id + " out of turn");
            }
            lowestBit[k] = (byte) scan.lowBit();
        }
        if (quantisation == null) {
            quantisation = tables.quantisation(quantisationPlace);
        }
    }

    /** Checks that all coefficients came to their last bit. */
    void requireComplete() {
        for (byte bit : lowestBit) {
            if (bit != 0) {
                throw unfinished();
            }
        }
    }

    private UnreadableImageException unfinished() {
        return new UnreadableImageException("JPEG: expected all scans of component " + id
                + " before the end of the image, found some missing: the image is truncated");
    }
}
