package io.surprisal.detector.image;

import java.util.List;

/**
 * The pixels of one interlace pass: every {@code stepX}-th of every {@code stepY}-th row, from {@code (firstX,
 * firstY)}. PNG third edition, 8.2 (Adam7); an image that is not interlaced is one pass with every pixel.
 */
record PngPass(int firstX, int firstY, int stepX, int stepY) {
    private static final List<PngPass> WHOLE = List.of(new PngPass(0, 0, 1, 1));
    private static final List<PngPass> ADAM7 = List.of(
            new PngPass(0, 0, 8, 8),
            new PngPass(4, 0, 8, 8),
            new PngPass(0, 4, 4, 8),
            new PngPass(2, 0, 4, 4),
            new PngPass(0, 2, 2, 4),
            new PngPass(1, 0, 2, 2),
            new PngPass(0, 1, 1, 2));

    static List<PngPass> of(PngHeader header) {
        return header.interlaced() ? ADAM7 : WHOLE;
    }

    /** Bytes of all passes once decompressed, filter bytes included. */
    static long rawBytes(PngHeader header) {
        long bytes = 0;
        for (PngPass pass : of(header)) {
            int columns = pass.columns(header.width());
            if (columns > 0) {
                bytes += (long) pass.rows(header.height()) * (1 + header.rowBytes(columns));
            }
        }
        return bytes;
    }

    int columns(int width) {
        return Math.max(0, width - firstX + stepX - 1) / stepX;
    }

    int rows(int height) {
        return Math.max(0, height - firstY + stepY - 1) / stepY;
    }
}
