package io.surprisal.detector.image;

import java.util.ArrayList;
import java.util.List;

/**
 * The frame header: T.81, B.2.2, for 8-bit Huffman-coded grey and three-component images.
 *
 * @param width pixels, within the limits
 * @param height pixels, within the limits
 * @param progressive whether coefficients come in several scans (annex G)
 * @param horizontal largest horizontal sampling factor
 * @param vertical largest vertical sampling factor
 * @param components 1 or 3, in the file's order
 */
record JpegFrame(
        int width, int height, boolean progressive, int horizontal, int vertical, List<JpegComponent> components) {

    private static final int SIDE = 8;
    private static final int MAX_SAMPLING = 4;
    private static final int FIXED_BYTES = 6;
    private static final int COMPONENT_BYTES = 3;

    /** One component's parameters in the header. */
    record Sampling(int id, int horizontal, int vertical, int quantisation) {

        void requireRange() {
            if (!(horizontal >= 1 && horizontal <= MAX_SAMPLING && vertical >= 1 && vertical <= MAX_SAMPLING)) {
                throw new UnreadableImageException("JPEG: expected sampling factors 1..4 of component " + id
                        + ", found " + horizontal + "×" + vertical);
            }
        }

        void requireWholeRatio(int largestHorizontal, int largestVertical) {
            if (largestHorizontal % horizontal != 0 || largestVertical % vertical != 0) {
                throw new UnreadableImageException("JPEG: expected a whole-number subsampling of component " + id
                        + ", found " + horizontal + "×" + vertical + " of " + largestHorizontal + "×"
                        + largestVertical);
            }
        }
    }

    /**
     * Reads the header, and checks the size it claims against the limits and against the bytes that follow, before
     * memory is taken for coefficients.
     *
     * @param bytesLeft bytes of the file behind the header
     */
    static JpegFrame read(JpegSegment segment, ImageLimits limits, JpegColour.Hint hint, long bytesLeft) {
        int height = segment.u16(1);
        int width = segment.u16(3);
        if (height == 0) {
            throw new UnreadableImageException("JPEG: expected a height in the header, found 0 ("
                    + JpegMarker.describe(JpegMarker.DNL) + " is not read)");
        }
        limits.requireSize("JPEG", width, height);
        if (segment.u8(0) != SIDE) {
            throw new UnreadableImageException("JPEG: expected samples of 8 bits, found " + segment.u8(0));
        }
        List<Sampling> samplings = samplings(segment, hint);
        int horizontal = samplings.stream().mapToInt(Sampling::horizontal).max().orElseThrow();
        int vertical = samplings.stream().mapToInt(Sampling::vertical).max().orElseThrow();
        samplings.forEach(sampling -> sampling.requireWholeRatio(horizontal, vertical));
        requireEnoughData(samplings, width, height, horizontal, vertical, bytesLeft);
        List<JpegComponent> components = new ArrayList<>();
        for (Sampling sampling : samplings) {
            components.add(new JpegComponent(
                    sampling,
                    ceil(width * sampling.horizontal, horizontal),
                    ceil(height * sampling.vertical, vertical),
                    ceil(width, SIDE * horizontal) * sampling.horizontal,
                    ceil(height, SIDE * vertical) * sampling.vertical));
        }
        boolean progressive = segment.marker() == JpegMarker.SOF2;
        return new JpegFrame(width, height, progressive, horizontal, vertical, List.copyOf(components));
    }

    /** Coded units a row of an interleaved scan: A.2.3. */
    int unitsWide() {
        return ceil(width, SIDE * horizontal);
    }

    /** Coded units a column of an interleaved scan. */
    int unitsHigh() {
        return ceil(height, SIDE * vertical);
    }

    private static List<Sampling> samplings(JpegSegment segment, JpegColour.Hint hint) {
        int count = segment.u8(5);
        if (count == 4) {
            throw new UnreadableImageException("JPEG: expected grey or colour in three components, found "
                    + (hint.adobeTransform() == 2 ? "YCCK" : "CMYK") + " in four");
        }
        if (count != 1 && count != 3) {
            throw new UnreadableImageException("JPEG: expected 1 or 3 components, found " + count);
        }
        List<Sampling> samplings = new ArrayList<>();
        for (int at = FIXED_BYTES; at < FIXED_BYTES + count * COMPONENT_BYTES; at += COMPONENT_BYTES) {
            int factors = segment.u8(at + 1);
            Sampling sampling = new Sampling(segment.u8(at), factors >> 4, factors & 0xF, segment.u8(at + 2));
            sampling.requireRange();
            if (samplings.stream().anyMatch(other -> other.id == sampling.id)) {
                throw new UnreadableImageException(
                        "JPEG: expected different component names, found " + sampling.id + " twice");
            }
            samplings.add(sampling);
        }
        // A lone component is never interleaved and never subsampled, whatever its factors say: A.2.2.
        return count == 1
                ? List.of(new Sampling(samplings.getFirst().id, 1, 1, samplings.getFirst().quantisation))
                : samplings;
    }

    /** Every block takes at least one bit, so that a small file that claims to be a large image costs nothing. */
    private static void requireEnoughData(
            List<Sampling> samplings, int width, int height, int horizontal, int vertical, long bytesLeft) {
        long blocks = 0;
        for (Sampling sampling : samplings) {
            long wide = ceil(ceil(width * sampling.horizontal, horizontal), SIDE);
            long high = ceil(ceil(height * sampling.vertical, vertical), SIDE);
            blocks += wide * high;
        }
        if (blocks > bytesLeft * Byte.SIZE) {
            throw new UnreadableImageException("JPEG: expected image data for " + width + "×" + height + ", found "
                    + bytesLeft + " bytes, which cannot hold it: the file is truncated");
        }
    }

    private static int ceil(int dividend, int divisor) {
        return (dividend + divisor - 1) / divisor;
    }
}
