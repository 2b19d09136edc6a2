package io.surprisal.detector.image;

/** Rows of a PNG → 8-bit samples of 1 or 3 channels, by colour type. Refuses pixels that are not opaque. */
sealed interface PngExpander permits PngDirectExpander, PngPaletteExpander {

    static PngExpander of(PngParts parts) {
        return parts.palette() == null ? PngDirectExpander.of(parts) : PngPaletteExpander.of(parts, parts.palette());
    }

    /** Channels of the result: 1 or 3. */
    int channels();

    /**
     * Writes a row's pixels.
     *
     * @param row unfiltered, byte 0 is its filter type
     * @param columns pixels in it
     * @param target samples of the whole image
     * @param at where the first pixel goes
     * @param step samples from one pixel to the next: the number of channels, or a multiple of it in an interlaced
     *     image
     * @throws UnreadableImageException when a pixel is not fully opaque
     */
    void expand(byte[] row, int columns, byte[] target, int at, int step);

    static UnreadableImageException transparent(String found) {
        return new UnreadableImageException("PNG: expected every pixel to be opaque, found " + found
                + "; composite the image on its background before sending it");
    }
}
