package io.surprisal.detector.image;

import org.jspecify.annotations.Nullable;

/**
 * A PNG's chunks that decide about its pixels, checked but not decompressed.
 *
 * @param file the whole file
 * @param header size and sample format
 * @param palette {@code PLTE} of a palette image, null for the other colour types
 * @param transparency {@code tRNS}, null when there is none
 * @param firstData where the first {@code IDAT} chunk begins; the others follow it directly
 * @param compressedBytes sum of the lengths of all {@code IDAT} chunks
 */
record PngParts(
        byte[] file,
        PngHeader header,
        @Nullable PngChunk palette,
        @Nullable PngChunk transparency,
        int firstData,
        long compressedBytes) {}
