package io.surprisal.detector.image;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Palette indices → the palette's colours: PNG third edition, 11.2.2; 1 channel when every entry is grey, 3 otherwise.
 *
 * <p>{@code colours} has {@code entries · channels} samples; {@code opacity} has an entry's alpha, 255 where
 * {@code tRNS} says nothing. An entry that is not opaque is an error only when a pixel uses it.
 */
record PngPaletteExpander(int depth, int channels, byte[] colours, byte[] opacity) implements PngExpander {
    private static final int OPAQUE = 255;

    static PngPaletteExpander of(PngParts parts, PngChunk palette) {
        byte[] file = parts.file();
        int entries = palette.length() / 3;
        int channels = allGrey(file, palette) ? 1 : 3;
        byte[] colours = new byte[entries * channels];
        for (int entry = 0; entry < entries; entry++) {
            System.arraycopy(file, palette.from() + 3 * entry, colours, entry * channels, channels);
        }
        byte[] opacity = opacity(file, entries, parts.transparency());
        return new PngPaletteExpander(parts.header().depth(), channels, colours, opacity);
    }

    private static boolean allGrey(byte[] file, PngChunk palette) {
        for (int at = palette.from(); at < palette.from() + palette.length(); at += 3) {
            if (file[at] != file[at + 1] || file[at] != file[at + 2]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] opacity(byte[] file, int entries, @Nullable PngChunk transparency) {
        byte[] opacity = new byte[entries];
        Arrays.fill(opacity, (byte) OPAQUE);
        if (transparency != null) {
            System.arraycopy(file, transparency.from(), opacity, 0, transparency.length());
        }
        return opacity;
    }

    @Override
    public void expand(byte[] row, int columns, byte[] target, int at, int step) {
        for (int x = 0; x < columns; x++) {
            int entry = PngSamples.at(row, x, depth);
            if (entry >= opacity.length) {
                throw new UnreadableImageException(
                        "PNG: expected palette indices below " + opacity.length + ", found " + entry);
            }
            if ((opacity[entry] & 0xFF) != OPAQUE) {
                throw PngExpander.transparent("a palette entry with alpha " + (opacity[entry] & 0xFF) + " of 255");
            }
            System.arraycopy(colours, entry * channels, target, at + x * step, channels);
        }
    }
}
