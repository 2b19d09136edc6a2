package io.surprisal.detector.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.HexFormat;

/**
 * What a file is by its first bytes: the two formats that are read, and the others people send, so that a refusal can
 * name them. A signature is Latin-1 text in which {@code ?} stands for any byte.
 */
enum FileFormat {
    PNG("PNG", "\u0089PNG\r\n\u001a\n"),
    JPEG("JPEG", "\u00ff\u00d8\u00ff"),
    GIF("GIF", "GIF8"),
    WEBP("WebP", "RIFF????WEBP"),
    AVIF("AVIF", "????ftypavif"),
    AVIF_SEQUENCE("AVIF (animated)", "????ftypavis"),
    HEIC("HEIC", "????ftyphei"),
    HEIF("HEIF", "????ftypmif1"),
    VIDEO("MP4 or QuickTime video", "????ftyp"),
    TIFF_LITTLE("TIFF", "II*\0"),
    TIFF_BIG("TIFF", "MM\0*"),
    BIG_TIFF_LITTLE("BigTIFF", "II+\0"),
    BIG_TIFF_BIG("BigTIFF", "MM\0+"),
    JPEG_2000("JPEG 2000", "\0\0\0\fjP  "),
    JPEG_2000_STREAM("JPEG 2000", "\u00ffO\u00ffQ"),
    JPEG_XL("JPEG XL", "\0\0\0\fJXL "),
    JPEG_XL_STREAM("JPEG XL", "\u00ff\n"),
    MNG("MNG (animated)", "\u008aMNG"),
    QOI("QOI", "qoif"),
    PHOTOSHOP("Photoshop", "8BPS"),
    ICON("Windows icon", "\0\0\1\0"),
    NUMPY("NumPy array", "\u0093NUMPY"),
    PDF("PDF", "%PDF-"),
    ZIP("ZIP archive", "PK\3\4"),
    GZIP("gzip", "\u001f\u008b"),
    XML("XML (SVG?)", "<?xml"),
    SVG("SVG", "<svg"),
    HTML("HTML", "<!"),
    JSON("JSON", "{"),
    DATA_URL("a data URL (send the bytes it encodes)", "data:"),
    BASE64_PNG("base64 text of a PNG (send the bytes it encodes)", "iVBORw0KGgo"),
    BASE64_JPEG("base64 text of a JPEG (send the bytes it encodes)", "/9j/"),
    BMP("BMP", "BM");

    private static final int ANIMATION_SEARCH = 1024;
    private static final int WEBP_FLAGS = 20;
    private static final int WEBP_ANIMATION = 0x02;

    private final String name;
    private final String signature;

    FileFormat(String name, String signature) {
        this.name = name;
        this.signature = signature;
    }

    /** Whether a file starts like this format. */
    boolean begins(byte[] file) {
        if (file.length < signature.length()) {
            return false;
        }
        for (int i = 0; i < signature.length(); i++) {
            char expected = signature.charAt(i);
            if (expected != '?' && expected != (file[i] & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    /** The name of what a file is, or its first bytes when no signature fits. */
    static String describe(byte[] file) {
        if (file.length == 0) {
            return "an empty file";
        }
        for (FileFormat format : values()) {
            if (format.begins(file)) {
                return format.name + (format.animated(file) ? " (animated)" : "");
            }
        }
        int shown = Math.min(file.length, 8);
        return file.length + " bytes that start with "
                + HexFormat.ofDelimiter(" ").formatHex(file, 0, shown);
    }

    private boolean animated(byte[] file) {
        return switch (this) {
            // The looping extension every animated GIF carries near its start; a guess that only colours a message.
            case GIF ->
                new String(file, 0, Math.min(file.length, ANIMATION_SEARCH), ISO_8859_1).contains("NETSCAPE2.0");
            case WEBP ->
                file.length > WEBP_FLAGS && file[WEBP_FLAGS - 5] == 'X' && (file[WEBP_FLAGS] & WEBP_ANIMATION) != 0;
            default -> false;
        };
    }
}
