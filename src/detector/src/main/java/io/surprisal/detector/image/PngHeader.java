package io.surprisal.detector.image;

/**
 * The {@code IHDR} chunk: PNG third edition, 11.2.1.
 *
 * @param width pixels, within the limits
 * @param height pixels, within the limits
 * @param depth bits a sample: 1, 2, 4, 8 or 16
 * @param colour what a pixel is made of
 * @param interlaced whether the pixels come in Adam7's seven passes
 */
record PngHeader(int width, int height, int depth, PngColourType colour, boolean interlaced) {
    private static final int LENGTH = 13;

    /** Reads the chunk and checks the size it claims, before anything else of the file is looked at. */
    static PngHeader read(byte[] file, PngChunk chunk, ImageLimits limits) {
        if (chunk.type() != PngChunk.IHDR || chunk.length() != LENGTH) {
            throw new UnreadableImageException("PNG: expected an IHDR chunk of " + LENGTH + " bytes first, found "
                    + chunk.name() + " of " + chunk.length());
        }
        int at = chunk.from();
        long width = Integer.toUnsignedLong(BigEndian.i32(file, at));
        long height = Integer.toUnsignedLong(BigEndian.i32(file, at + 4));
        limits.requireSize("PNG", width, height);
        int depth = BigEndian.u8(file, at + 8);
        PngColourType colour = PngColourType.of(BigEndian.u8(file, at + 9), depth);
        int compression = BigEndian.u8(file, at + 10);
        int filter = BigEndian.u8(file, at + 11);
        int interlace = BigEndian.u8(file, at + 12);
        if (compression != 0 || filter != 0 || interlace > 1) {
            throw new UnreadableImageException(
                    "PNG: expected compression method 0, filter method 0 and interlace method 0 or 1, found "
                            + compression + ", " + filter + " and " + interlace);
        }
        return new PngHeader((int) width, (int) height, depth, colour, interlace == 1);
    }

    int bitsPerPixel() {
        return depth * colour.samples();
    }

    /** Bytes of a row of this many pixels, without its filter byte: 7.2, rows begin at byte boundaries. */
    int rowBytes(int columns) {
        return (columns * bitsPerPixel() + 7) / 8;
    }
}
