package io.surprisal.detector.statistic;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.Arrays;

/**
 * The length of an image's lossless JPEG-LS code (ITU-T T.87, 1998; Weinberger, Seroussi and Sapiro, "The LOCO-I Lossless Image
 * Compression Algorithm", 2000), headers left out. Colour planes are coded one after the other, red and blue less green.
 *
 * <p>Integer arithmetic from the standard, so the same length on every machine. That of {@code java.util.zip} depends on which zlib a Java
 * runtime was built with, and a calibration must not.
 */
final class LosslessCode {
    private static final int CONTEXTS = 365; // 0 is never used; two more for the sample that ends a run
    private static final int RESET = 64;
    private static final int LEAST_CORRECTION = -128;
    private static final int MOST_CORRECTION = 127;
    private static final int[] RUN_BITS = {
        0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15
    };

    private final int width;
    private final int range;
    private final int sampleBits;
    private final int limit;
    private final int[] thresholds;
    private final int[] magnitude = new int[CONTEXTS + 2]; // A of the standard
    private final int[] bias = new int[CONTEXTS]; // B
    private final int[] correction = new int[CONTEXTS]; // C
    private final int[] occurrences = new int[CONTEXTS + 2]; // N
    private final int[] negatives = new int[2]; // Nn
    private int runIndex;
    private long bits;

    private LosslessCode(int width, int levels) {
        this.width = width;
        this.range = levels;
        this.sampleBits = 32 - Integer.numberOfLeadingZeros(levels - 1);
        int least = Math.max(2, sampleBits);
        this.limit = 2 * (least + Math.max(8, least));
        this.thresholds = thresholds(levels - 1);
        Arrays.fill(magnitude, Math.max(2, (range + 32) / 64));
        Arrays.fill(occurrences, 1);
    }

    /** The bits of one image of a batch. */
    static long bits(Levels images, int image) {
        ImageShape shape = images.shape();
        int area = shape.height() * shape.width();
        int start = image * shape.dimensions();
        int[] plane = new int[area];
        long bits = 0;
        for (int channel = 0; channel < shape.channels(); channel++) {
            boolean difference = shape.channels() == 3 && channel != 1;
            for (int i = 0; i < area; i++) {
                int level = Byte.toUnsignedInt(images.data()[start + channel * area + i]);
                int green = difference ? Byte.toUnsignedInt(images.data()[start + area + i]) : 0;
                int shift = difference ? images.levels() / 2 : 0;
                plane[i] = Math.floorMod(level - green + shift, images.levels());
            }
            bits += bits(plane, shape.width(), images.levels());
        }
        return bits;
    }

    /** The bits of one plane of levels, row by row. */
    static long bits(int[] plane, int width, int levels) {
        LosslessCode code = new LosslessCode(width, levels);
        // A row with one sample before it and one after it, as the standard fills them in at the borders.
        int[] above = new int[width + 2];
        int[] row = new int[width + 2];
        for (int from = 0; from < plane.length; from += width) {
            System.arraycopy(plane, from, row, 1, width);
            above[width + 1] = above[width];
            row[0] = above[1];
            code.row(above, row);
            int[] done = above;
            above = row;
            row = done;
        }
        return code.bits;
    }

    private void row(int[] above, int[] row) {
        int at = 1;
        while (at <= width) {
            int left = row[at - 1];
            int gradient1 = above[at + 1] - above[at];
            int gradient2 = above[at] - above[at - 1];
            int gradient3 = above[at - 1] - left;
            if (gradient1 == 0 && gradient2 == 0 && gradient3 == 0) {
                at = run(above, row, at);
            } else {
                regular(above, row, at, (quantised(gradient1) * 9 + quantised(gradient2)) * 9 + quantised(gradient3));
                at++;
            }
        }
    }

    private void regular(int[] above, int[] row, int at, int signedContext) {
        int sign = signedContext < 0 ? -1 : 1;
        int context = Math.abs(signedContext);
        int predicted =
                Math.clamp(predicted(row[at - 1], above[at], above[at - 1]) + sign * correction[context], 0, range - 1);
        int error = reduced(sign * (row[at] - predicted));
        int k = golomb(magnitude[context], occurrences[context]);
        boolean flipped = k == 0 && 2 * bias[context] <= -occurrences[context];
        int mapped = error >= 0 ? 2 * error + (flipped ? 1 : 0) : -2 * error - (flipped ? 2 : 1);
        bits += length(mapped, k, limit);
        update(context, error);
    }

    /** The median edge detector: the lesser or the greater neighbour at an edge, else the plane through the three. */
    private static int predicted(int left, int up, int corner) {
        if (corner >= Math.max(left, up)) {
            return Math.min(left, up);
        }
        return corner <= Math.min(left, up) ? Math.max(left, up) : left + up - corner;
    }

    private void update(int context, int error) {
        bias[context] += error;
        magnitude[context] += Math.abs(error);
        if (occurrences[context] == RESET) {
            magnitude[context] >>= 1;
            bias[context] >>= 1; // towards −∞, as in the standard
            occurrences[context] >>= 1;
        }
        int n = ++occurrences[context];
        if (bias[context] <= -n) {
            bias[context] = Math.max(bias[context] + n, 1 - n);
            correction[context] = Math.max(LEAST_CORRECTION, correction[context] - 1);
        } else if (bias[context] > 0) {
            bias[context] = Math.min(bias[context] - n, 0);
            correction[context] = Math.min(MOST_CORRECTION, correction[context] + 1);
        }
    }

    /** Codes a run of the level to the left, and the sample that ends it; returns the place after. */
    private int run(int[] above, int[] row, int from) {
        int level = row[from - 1];
        int at = from;
        while (at <= width && row[at] == level) {
            at++;
        }
        int left = at - from;
        while (left >= 1 << RUN_BITS[runIndex]) {
            bits++;
            left -= 1 << RUN_BITS[runIndex];
            runIndex = Math.min(RUN_BITS.length - 1, runIndex + 1);
        }
        if (at > width) {
            bits += left > 0 ? 1 : 0;
            return at;
        }
        bits += 1 + RUN_BITS[runIndex];
        interrupt(level, above[at], row[at]);
        runIndex = Math.max(0, runIndex - 1);
        return at + 1;
    }

    private void interrupt(int left, int up, int sample) {
        int type = left == up ? 1 : 0;
        int context = CONTEXTS + type;
        int error = reduced(type == 0 && left > up ? up - sample : sample - up);
        int sum = magnitude[context] + (type == 1 ? occurrences[context] >> 1 : 0);
        int k = golomb(sum, occurrences[context]);
        boolean mostlyNegative = 2 * negatives[type] >= occurrences[context];
        boolean map = error < 0 ? k != 0 || mostlyNegative : error > 0 && k == 0 && !mostlyNegative;
        int mapped = 2 * Math.abs(error) - type - (map ? 1 : 0);
        bits += length(mapped, k, limit - RUN_BITS[runIndex] - 1);
        negatives[type] += error < 0 ? 1 : 0;
        magnitude[context] += (mapped + 1 - type) >> 1;
        if (occurrences[context] == RESET) {
            magnitude[context] >>= 1;
            occurrences[context] >>= 1;
            negatives[type] >>= 1;
        }
        occurrences[context]++;
    }

    /** The Golomb parameter: the least k with n·2^k ≥ a. */
    private static int golomb(int a, int n) {
        int k = 0;
        while (n << k < a) {
            k++;
        }
        return k;
    }

    /** The bits of a Golomb code whose unary part is cut off at a limit. */
    private int length(int mapped, int k, int most) {
        int unary = mapped >> k;
        return unary < most - sampleBits - 1 ? unary + 1 + k : most;
    }

    /** Modulo the range, into the half above and the half below 0. */
    private int reduced(int error) {
        int positive = error < 0 ? error + range : error;
        return positive >= (range + 1) / 2 ? positive - range : positive;
    }

    private int quantised(int gradient) {
        int size = Math.abs(gradient);
        int step = size == 0 ? 0 : size < thresholds[0] ? 1 : size < thresholds[1] ? 2 : size < thresholds[2] ? 3 : 4;
        return gradient < 0 ? -step : step;
    }

    /** The default thresholds of the standard, C.2.4.1.1.1, for lossless coding. */
    private static int[] thresholds(int most) {
        int[] basic = {3, 7, 21};
        int[] least = {2, 3, 4};
        int[] thresholds = new int[3];
        int lower = 1;
        for (int i = 0; i < 3; i++) {
            int value = most >= 128
                    ? (Math.min(most, 4095) + 128) / 256 * (basic[i] - least[i]) + least[i]
                    : Math.max(least[i], basic[i] / (256 / (most + 1)));
            thresholds[i] = value > most || value < lower ? lower : value;
            lower = thresholds[i];
        }
        return thresholds;
    }
}
