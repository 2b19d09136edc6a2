package io.surprisal.detector.image;

import org.jspecify.annotations.Nullable;

/**
 * Grey and RGB, with or without alpha, at any depth: PNG third edition, 6.1.
 *
 * <p>{@code key} is the one colour that {@code tRNS} declares transparent (11.3.1.1), at the file's own depth; empty
 * when there is none.
 */
record PngDirectExpander(int depth, int channels, boolean alpha, int[] key) implements PngExpander {
    private static final int[] NO_KEY = {};

    static PngDirectExpander of(PngParts parts) {
        PngColourType colour = parts.header().colour();
        int depth = parts.header().depth();
        return new PngDirectExpander(depth, colour.colours(), colour.alpha(), key(parts, depth, parts.transparency()));
    }

    private static int[] key(PngParts parts, int depth, @Nullable PngChunk transparency) {
        if (transparency == null) {
            return NO_KEY;
        }
        int[] key = new int[transparency.length() / 2];
        for (int channel = 0; channel < key.length; channel++) {
            // "the least significant bits are used": the others say nothing.
            key[channel] = BigEndian.u16(parts.file(), transparency.from() + 2 * channel) & ((1 << depth) - 1);
        }
        return key;
    }

    @Override
    public void expand(byte[] row, int columns, byte[] target, int at, int step) {
        if (depth == 8 && !alpha && key.length == 0 && step == channels) {
            System.arraycopy(row, 1, target, at, columns * channels);
            return;
        }
        int samples = channels + (alpha ? 1 : 0);
        for (int x = 0; x < columns; x++) {
            int first = x * samples;
            for (int channel = 0; channel < channels; channel++) {
                int sample = PngSamples.at(row, first + channel, depth);
                target[at + x * step + channel] = (byte) PngSamples.toByte(sample, depth);
            }
            requireOpaque(row, first);
        }
    }

    private void requireOpaque(byte[] row, int first) {
        if (alpha) {
            int opacity = PngSamples.at(row, first + channels, depth);
            int opaque = (1 << depth) - 1;
            if (opacity != opaque) {
                throw PngExpander.transparent("alpha " + opacity + " of " + opaque);
            }
        }
        if (key.length > 0 && matchesKey(row, first)) {
            throw PngExpander.transparent("one in the colour that tRNS declares transparent");
        }
    }

    private boolean matchesKey(byte[] row, int first) {
        for (int channel = 0; channel < channels; channel++) {
            if (PngSamples.at(row, first + channel, depth) != key[channel]) {
                return false;
            }
        }
        return true;
    }
}
