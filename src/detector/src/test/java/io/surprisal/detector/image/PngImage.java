package io.surprisal.detector.image;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import java.util.function.IntUnaryOperator;

/**
 * Samples of a PNG at its own depth, and a plain encoder for them, written from the specification's definitions (the
 * 8×8 table of Adam7, the filters' formulas) rather than the way the decoder goes about it.
 *
 * @param samples row by row, {@code perPixel} a pixel
 */
record PngImage(int width, int height, int depth, int colourType, int perPixel, int[] samples) {
    /** W3C PNG, 8.2: which pass each pixel of an 8×8 tile belongs to. */
    private static final String[] ADAM7 = {
        "16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777"
    };

    static PngImage random(Random random, int width, int height, int depth, int colourType, int largest) {
        int perPixel = switch (colourType) {
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> 1;
        };
        boolean alpha = colourType >= 4;
        int[] samples = new int[width * height * perPixel];
        for (int i = 0; i < samples.length; i++) {
            boolean isAlpha = alpha && i % perPixel == perPixel - 1;
            samples[i] = isAlpha ? (1 << depth) - 1 : random.nextInt(largest + 1);
        }
        return new PngImage(width, height, depth, colourType, perPixel, samples);
    }

    /**
     * Filtered rows, ready for compression.
     *
     * @param filter the filter type of the n-th row written
     */
    byte[] rows(boolean interlaced, IntUnaryOperator filter) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int written = 0;
        for (char pass = '1'; pass <= (interlaced ? '7' : '1'); pass++) {
            byte[] above = new byte[0];
            for (int y = 0; y < height; y++) {
                byte[] row = packed(y, interlaced ? pass : 0);
                if (row.length > 0) {
                    above = above.length == 0 ? new byte[row.length] : above;
                    int type = filter.applyAsInt(written++);
                    out.write(type);
                    out.writeBytes(filtered(type, row, above));
                    above = row;
                }
            }
        }
        return out.toByteArray();
    }

    byte[] encode(boolean interlaced, IntUnaryOperator filter) {
        return start(interlaced).data(rows(interlaced, filter)).end();
    }

    PngFile start(boolean interlaced) {
        return new PngFile().header(width, height, depth, colourType, interlaced);
    }

    private byte[] packed(int y, int pass) {
        StringBuilder bits = new StringBuilder();
        for (int x = 0; x < width; x++) {
            if (pass == 0 || ADAM7[y % 8].charAt(x % 8) == pass) {
                for (int i = 0; i < perPixel; i++) {
                    String sample = Integer.toBinaryString((1 << depth) | samples[(y * width + x) * perPixel + i]);
                    bits.append(sample, 1, depth + 1);
                }
            }
        }
        bits.append("0".repeat((8 - bits.length() % 8) % 8));
        byte[] row = new byte[bits.length() / 8];
        for (int i = 0; i < row.length; i++) {
            row[i] = (byte) Integer.parseInt(bits.substring(8 * i, 8 * i + 8), 2);
        }
        return row;
    }

    private byte[] filtered(int type, byte[] row, byte[] above) {
        int pixel = Math.max(1, depth * perPixel / 8);
        byte[] result = new byte[row.length];
        for (int i = 0; i < row.length; i++) {
            int a = i >= pixel ? row[i - pixel] & 0xFF : 0;
            int b = above[i] & 0xFF;
            int c = i >= pixel ? above[i - pixel] & 0xFF : 0;
            int prediction = switch (type) {
                case 0 -> 0;
                case 1 -> a;
                case 2 -> b;
                case 3 -> (a + b) / 2;
                case 4 -> paeth(a, b, c);
                default -> throw new IllegalArgumentException("no filter " + type);
            };
            result[i] = (byte) (row[i] - prediction);
        }
        return result;
    }

    private static int paeth(int a, int b, int c) {
        int p = a + b - c;
        int pa = Math.abs(p - a);
        int pb = Math.abs(p - b);
        int pc = Math.abs(p - c);
        if (pa <= pb && pa <= pc) {
            return a;
        }
        return pb <= pc ? b : c;
    }
}
