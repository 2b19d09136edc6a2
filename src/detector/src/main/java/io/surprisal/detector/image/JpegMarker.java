package io.surprisal.detector.image;

import java.util.Locale;

/** Marker codes, the byte after 0xFF: T.81, table B.1. */
final class JpegMarker {
    static final int SOF0 = 0xC0;
    static final int SOF1 = 0xC1;
    static final int SOF2 = 0xC2;
    static final int DHT = 0xC4;
    static final int RST0 = 0xD0;
    static final int RST7 = 0xD7;
    static final int EOI = 0xD9;
    static final int SOS = 0xDA;
    static final int DQT = 0xDB;
    static final int DNL = 0xDC;
    static final int DRI = 0xDD;
    static final int APP0 = 0xE0;
    static final int APP14 = 0xEE;
    static final int APP15 = 0xEF;
    static final int COM = 0xFE;

    private JpegMarker() {}

    /** Segments that say nothing about the pixels: EXIF, ICC, comments, and the like. */
    static boolean ignored(int marker) {
        return (marker >= APP0 && marker <= APP15) || marker == COM;
    }

    static boolean restart(int marker) {
        return marker >= RST0 && marker <= RST7;
    }

    /** What a marker means, in the words a refusal uses. */
    static String describe(int marker) {
        return switch (marker) {
            case 0xC3 -> "a lossless JPEG (SOF3)";
            case 0xC5, 0xC6, 0xC7, 0xDE, 0xDF -> "a hierarchical JPEG" + code(marker);
            case 0xC9, 0xCA, 0xCB, 0xCC, 0xCD, 0xCE, 0xCF -> "a JPEG with arithmetic coding" + code(marker);
            case 0xF7 -> "a JPEG-LS image (SOF55)";
            case 0xD8 -> "a second start of image (SOI)";
            case DNL -> "a number of lines after the image (DNL)";
            default -> "the marker" + code(marker);
        };
    }

    private static String code(int marker) {
        return " (0xFF" + Integer.toHexString(marker).toUpperCase(Locale.ROOT) + ")";
    }
}
