package io.surprisal.detector.image;

import org.jspecify.annotations.Nullable;

/**
 * File → {@link PngParts}: reads the chunks from {@code IHDR} to {@code IEND} in the order that PNG third edition, 5.6
 * prescribes. What follows {@code IEND} is ignored. Used once.
 */
final class PngParser {
    private static final int SIGNATURE = 8;
    private static final int RGB_BYTES = 3;

    private final byte[] file;
    private final PngChunks chunks;
    private final PngHeader header;
    private @Nullable PngChunk palette;
    private @Nullable PngChunk transparency;
    private @Nullable PngChunk last;
    private int firstData;
    private long compressedBytes;

    PngParser(byte[] file, ImageLimits limits) {
        this.file = file;
        this.chunks = new PngChunks(file, SIGNATURE);
        this.header = PngHeader.read(file, chunks.next(), limits);
    }

    PngParts parse() {
        for (PngChunk chunk = chunks.next(); chunk.type() != PngChunk.IEND; chunk = chunks.next()) {
            switch (chunk.type()) {
                case PngChunk.PLTE -> palette(chunk);
                case PngChunk.TRNS -> transparency(chunk);
                case PngChunk.IDAT -> data(chunk);
                case PngChunk.ACTL ->
                    throw new UnreadableImageException("expected one still image, found an animated PNG (APNG)");
                default -> other(chunk);
            }
            last = chunk;
        }
        if (firstData == 0) {
            throw new UnreadableImageException("PNG: expected an IDAT chunk, found none before IEND");
        }
        boolean indexed = header.colour() == PngColourType.PALETTE;
        if (indexed && palette == null) {
            throw new UnreadableImageException("PNG: expected a PLTE chunk in a palette image, found none");
        }
        return new PngParts(file, header, indexed ? palette : null, transparency, firstData, compressedBytes);
    }

    private void palette(PngChunk chunk) {
        requireOnceBeforeData(chunk, palette);
        int largest = header.colour() == PngColourType.PALETTE ? 1 << header.depth() : 256;
        int length = chunk.length();
        if (length == 0 || length % RGB_BYTES != 0 || length > largest * RGB_BYTES) {
            throw new UnreadableImageException(
                    "PNG: expected a PLTE chunk of 1.." + largest + " entries of 3 bytes, found " + length + " bytes");
        }
        if (header.colour().colours() == 1 && header.colour() != PngColourType.PALETTE) {
            throw new UnreadableImageException("PNG: expected no PLTE chunk in a grey image, found one");
        }
        palette = chunk;
    }

    private void transparency(PngChunk chunk) {
        requireOnceBeforeData(chunk, transparency);
        int length = chunk.length();
        boolean fits = switch (header.colour()) {
            case GREY -> length == 2;
            case RGB -> length == 6;
            case PALETTE -> palette != null && length <= palette.length() / RGB_BYTES;
            case GREY_ALPHA, RGB_ALPHA -> false;
        };
        if (!fits) {
            throw new UnreadableImageException("PNG: expected a tRNS chunk that fits the colour type " + header.colour()
                    + " and follows its palette, found one of " + length + " bytes");
        }
        transparency = chunk;
    }

    private void data(PngChunk chunk) {
        if (firstData == 0) {
            firstData = chunk.from() - PngChunk.BEFORE;
        } else if (last == null || last.type() != PngChunk.IDAT) {
            throw new UnreadableImageException(
                    "PNG: expected all IDAT chunks in a row, found another at byte " + chunk.from());
        }
        compressedBytes += chunk.length();
    }

    private void other(PngChunk chunk) {
        if (chunk.critical()) {
            throw new UnreadableImageException(
                    "PNG: expected PLTE, IDAT or IEND, found the critical chunk " + chunk.name());
        }
    }

    private void requireOnceBeforeData(PngChunk chunk, @Nullable PngChunk earlier) {
        if (earlier != null || firstData != 0) {
            throw new UnreadableImageException(
                    "PNG: expected at most one " + chunk.name() + " chunk, before IDAT, found another or a late one");
        }
    }
}
