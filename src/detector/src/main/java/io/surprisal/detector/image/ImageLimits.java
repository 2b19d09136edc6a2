package io.surprisal.detector.image;

/**
 * How large an encoded image may be. Side and pixels are read from the file's header and checked before anything is
 * decompressed and before memory is taken for it.
 *
 * <p>Decoding needs {@code 3 · maxPixels} bytes and two rows for PNG, and {@code 12 · maxPixels} plus the padding to
 * whole blocks for JPEG (three components, each two bytes a coefficient and one a sample, and the result), whatever
 * the file holds; and never that much for a file that is too short to fill it.
 *
 * @param maxBytes largest file, in bytes, at least 1
 * @param maxSide largest width and largest height, in pixels, 1..65,535 (more than JPEG can say)
 * @param maxPixels largest width · height, 1..2²⁸, so that no array of samples outgrows an {@code int}
 */
public record ImageLimits(long maxBytes, int maxSide, long maxPixels) {
    private static final int LARGEST_SIDE = 65_535;
    private static final long LARGEST_AREA = 1L << 28;
    private static final ImageLimits DEFAULTS = new ImageLimits(16L << 20, 8192, 1L << 24);

    /**
     * Checks the limits themselves.
     *
     * @throws IllegalArgumentException when one is outside its range
     */
    public ImageLimits {
        requireRange("maxBytes", maxBytes, Long.MAX_VALUE);
        requireRange("maxSide", maxSide, LARGEST_SIDE);
        requireRange("maxPixels", maxPixels, LARGEST_AREA);
    }

    /**
     * What a server takes unless told otherwise.
     *
     * @return 16 MiB, 8192 pixels a side, 2²⁴ pixels
     */
    public static ImageLimits defaults() {
        return DEFAULTS;
    }

    void requireBytes(long bytes) {
        if (bytes > maxBytes) {
            throw new UnreadableImageException("expected at most " + maxBytes + " bytes, found " + bytes);
        }
    }

    void requireSize(String format, long width, long height) {
        if (width < 1 || height < 1) {
            throw new UnreadableImageException(
                    format + ": expected at least 1×1 pixels, found " + width + "×" + height + " in the header");
        }
        if (width > maxSide || height > maxSide) {
            throw new UnreadableImageException(format + ": expected at most " + maxSide + " pixels a side, found "
                    + width + "×" + height + " in the header");
        }
        if (width * height > maxPixels) {
            throw new UnreadableImageException(format + ": expected at most " + maxPixels + " pixels, found " + width
                    + "×" + height + " = " + width * height + " in the header");
        }
    }

    private static void requireRange(String name, long value, long largest) {
        if (!(value >= 1 && value <= largest)) {
            throw new IllegalArgumentException("expected " + name + " in 1.." + largest + ", found " + value);
        }
    }
}
