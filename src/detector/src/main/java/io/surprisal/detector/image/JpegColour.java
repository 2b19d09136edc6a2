package io.surprisal.detector.image;

import java.util.List;

/**
 * What the components of a JPEG mean: T.81 does not say, so that JFIF, Adobe's marker or the names of components must.
 */
enum JpegColour {
    GREY,
    YCBCR,
    RGB;

    private static final String JFIF = "JFIF\0";
    private static final String ADOBE = "Adobe";
    private static final int ADOBE_TRANSFORM = 11;
    private static final int UNTOLD = -1;

    /**
     * What the application segments before the frame say.
     *
     * @param jfif whether there is a JFIF segment (T.871, 10.1)
     * @param adobeTransform Adobe's colour transform: 0 none, 1 YCbCr, 2 YCCK; −1 without Adobe's segment (T.872,
     *     6.5.3)
     */
    record Hint(boolean jfif, int adobeTransform) {
        static final Hint NONE = new Hint(false, UNTOLD);

        Hint with(JpegSegment segment) {
            if (segment.marker() == JpegMarker.APP0 && segment.startsWith(JFIF)) {
                return new Hint(true, adobeTransform);
            }
            if (segment.marker() == JpegMarker.APP14
                    && segment.startsWith(ADOBE)
                    && segment.length() > ADOBE_TRANSFORM) {
                return new Hint(jfif, segment.u8(ADOBE_TRANSFORM));
            }
            return this;
        }
    }

    /**
     * Decides as libjpeg does: JFIF before Adobe before the names 'R', 'G', 'B'; YCbCr when nothing speaks against it.
     */
    static JpegColour of(List<JpegComponent> components, Hint hint) {
        if (components.size() == 1) {
            return GREY;
        }
        if (hint.jfif) {
            return YCBCR;
        }
        if (hint.adobeTransform != UNTOLD) {
            return hint.adobeTransform == 0 ? RGB : YCBCR;
        }
        boolean named = components.get(0).id() == 'R'
                && components.get(1).id() == 'G'
                && components.get(2).id() == 'B';
        return named ? RGB : YCBCR;
    }

    /**
     * Writes a row of pixels.
     *
     * @param rows a row of each component, full width
     * @param width pixels
     * @param target samples of the image
     * @param at where the row starts in it
     */
    void write(byte[][] rows, int width, byte[] target, int at) {
        switch (this) {
            case GREY -> System.arraycopy(rows[0], 0, target, at, width);
            case RGB -> interleave(rows, width, target, at);
            case YCBCR -> convert(rows, width, target, at);
        }
    }

    private static void interleave(byte[][] rows, int width, byte[] target, int at) {
        for (int x = 0; x < width; x++) {
            for (int channel = 0; channel < 3; channel++) {
                target[at + 3 * x + channel] = rows[channel][x];
            }
        }
    }

    /** T.871, 7: R = Y + 1.402 Cr', G = Y − 0.344136 Cb' − 0.714136 Cr', B = Y + 1.772 Cb'; in 16-bit fixed point. */
    private static void convert(byte[][] rows, int width, byte[] target, int at) {
        int to = at;
        for (int x = 0; x < width; x++) {
            int y = rows[0][x] & 0xFF;
            int cb = (rows[1][x] & 0xFF) - 128;
            int cr = (rows[2][x] & 0xFF) - 128;
            target[to++] = clamp(y + ((91_881 * cr + 32_768) >> 16));
            target[to++] = clamp(y + ((-22_554 * cb - 46_802 * cr + 32_768) >> 16));
            target[to++] = clamp(y + ((116_130 * cb + 32_768) >> 16));
        }
    }

    private static byte clamp(int value) {
        return (byte) Math.clamp(value, 0, 255);
    }
}
