package io.surprisal.detector.image;

/** The colour types of a PNG and the bit depths each allows: PNG third edition, 11.2.1. */
enum PngColourType {
    GREY(0, 1, false, 1, 2, 4, 8, 16),
    RGB(2, 3, false, 8, 16),
    PALETTE(3, 1, false, 1, 2, 4, 8),
    GREY_ALPHA(4, 1, true, 8, 16),
    RGB_ALPHA(6, 3, true, 8, 16);

    private final int code;
    private final int colours;
    private final boolean alpha;
    /** Bit n is set when the type comes with samples of n bits. */
    private final int depths;

    PngColourType(int code, int colours, boolean alpha, int... depths) {
        this.code = code;
        this.colours = colours;
        this.alpha = alpha;
        int mask = 0;
        for (int depth : depths) {
            mask |= 1 << depth;
        }
        this.depths = mask;
    }

    static PngColourType of(int code, int depth) {
        for (PngColourType type : values()) {
            if (type.code == code && depth <= 16 && (type.depths & (1 << depth)) != 0) {
                return type;
            }
        }
        throw new UnreadableImageException(
                "PNG: expected a defined pair of colour type and bit depth, found " + code + " and " + depth);
    }

    /** Samples a pixel without alpha: 1 or 3; a palette's pixel is one index. */
    int colours() {
        return colours;
    }

    boolean alpha() {
        return alpha;
    }

    /** Samples a pixel, alpha included. */
    int samples() {
        return colours + (alpha ? 1 : 0);
    }
}
