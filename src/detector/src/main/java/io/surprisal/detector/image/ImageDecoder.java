package io.surprisal.detector.image;

/**
 * Reads one PNG or JPEG file into {@link Pixels}: 8-bit samples, 1 channel (grey) or 3 (RGB), in the file's own size.
 *
 * <p><b>PNG</b> (W3C Portable Network Graphics, third edition; ISO/IEC 15948): all colour types, bit depths, filters
 * and Adam7.
 *
 * <ul>
 *   <li>1, 2 and 4 bits are spread over 0..255, {@code v · 255 / (2^depth − 1)}, which is exact;
 *   <li>16 bits are rounded to the nearest of 256 levels, {@code (v · 255 + 32767) / 65535};
 *   <li>colours follow the file: grey gives 1 channel, RGB 3 (even where all three agree), a palette 3, or 1 when every
 *       entry of the palette is grey;
 *   <li>an alpha channel, or a transparent colour, is dropped when every pixel is fully opaque. One pixel that is not
 *       and the file is refused: what such a pixel looks like depends on a background that only the classifier's own
 *       preprocessing knows, and hidden content must not be judged in place of visible content;
 *   <li>animations (APNG) are refused. Bytes after {@code IEND} are ignored. The checksum of each chunk that says
 *       something about the pixels has to hold.
 * </ul>
 *
 * <p><b>JPEG</b> (ITU-T T.81; JFIF): baseline, extended sequential and progressive Huffman with 8-bit samples; grey,
 * YCbCr, and RGB by Adobe marker or component names; every whole-number subsampling; restart intervals. The samples are
 * libjpeg-turbo's: its accurate integer inverse DCT, its triangle filter on subsampled chroma, its colour conversion.
 * Refused by name: CMYK and YCCK, 12-bit, lossless, arithmetic coding, hierarchical. Damaged or missing entropy-coded
 * data is refused, never filled with grey. Bytes after the end-of-image marker are ignored.
 *
 * <p>Gamma, ICC profiles and EXIF are ignored, EXIF's orientation too: pixels come in the order the file stores them,
 * as Pillow's {@code Image.open} gives them. Nothing is resized.
 *
 * <p>This class is immutable and safe for use by many threads.
 */
public final class ImageDecoder {
    private final ImageLimits limits;

    /**
     * @param limits what is too large
     */
    public ImageDecoder(ImageLimits limits) {
        this.limits = limits;
    }

    /**
     * Decodes a file.
     *
     * @param encoded the whole file; only read
     * @return its pixels
     * @throws UnreadableImageException when the file is no PNG or JPEG, is damaged, or is one this class refuses
     */
    public Pixels decode(byte[] encoded) {
        limits.requireBytes(encoded.length);
        if (FileFormat.PNG.begins(encoded)) {
            return new PngDecoder(limits).decode(encoded);
        }
        if (FileFormat.JPEG.begins(encoded)) {
            return new JpegDecoder(encoded, limits).decode();
        }
        throw new UnreadableImageException("expected PNG or JPEG, found " + FileFormat.describe(encoded));
    }
}
