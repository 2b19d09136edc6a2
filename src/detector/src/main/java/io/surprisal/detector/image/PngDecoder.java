package io.surprisal.detector.image;

/**
 * PNG file → {@link Pixels}: parse, then row by row inflate, unfilter, expand, and put in place. PNG third edition, 13.
 * See {@link ImageDecoder} for what is accepted.
 */
record PngDecoder(ImageLimits limits) {
    /** Deflate cannot do better: 258 bytes for a length code and a distance code of one bit each (RFC 1951, 3.2.5). */
    private static final long MAX_DEFLATE_RATIO = 1032;

    Pixels decode(byte[] file) {
        PngParts parts = new PngParser(file, limits).parse();
        PngHeader header = parts.header();
        requireEnoughData(parts);
        PngExpander expander = PngExpander.of(parts);
        byte[] target = new byte[header.width() * header.height() * expander.channels()];
        try (PngScanlines lines = new PngScanlines(parts)) {
            for (PngPass pass : PngPass.of(header)) {
                decode(pass, header, lines, expander, target);
            }
            lines.finish();
        }
        return new Pixels(header.width(), header.height(), expander.channels(), target);
    }

    private static void decode(
            PngPass pass, PngHeader header, PngScanlines lines, PngExpander expander, byte[] target) {
        int columns = pass.columns(header.width());
        if (columns == 0) {
            return;
        }
        int channels = expander.channels();
        lines.startPass(header.rowBytes(columns));
        for (int y = pass.firstY(); y < header.height(); y += pass.stepY()) {
            int at = (y * header.width() + pass.firstX()) * channels;
            expander.expand(lines.next(), columns, target, at, pass.stepX() * channels);
        }
    }

    /** A small file that claims to be a large image is refused before memory is taken for the image. */
    private static void requireEnoughData(PngParts parts) {
        long raw = PngPass.rawBytes(parts.header());
        if (raw > parts.compressedBytes() * MAX_DEFLATE_RATIO) {
            throw new UnreadableImageException("PNG: expected " + raw + " bytes of image data for "
                    + parts.header().width() + "×" + parts.header().height() + ", found a compressed stream of "
                    + parts.compressedBytes() + " bytes, which cannot hold them");
        }
    }
}
