package io.surprisal.detector.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;

/** Files to start from when looking for one that does harm, and what harm is. */
final class HostileFiles {
    private static final long MAX_PIXELS = 1 << 16;
    private static final ImageDecoder DECODER = new ImageDecoder(new ImageLimits(1 << 20, 4096, MAX_PIXELS));
    /** Coefficients, samples and result of an image at the limit, its padding, and small change. */
    private static final long MAX_MEMORY = 20 * MAX_PIXELS + (4 << 20);

    private HostileFiles() {}

    /** Pixels within the limits, or the one exception; and no more memory than the limits say. */
    static void examine(byte[] file) {
        if (Allocation.ofOne(() -> decode(file)) > MAX_MEMORY) {
            // A class that is loaded on the way is loaded once.
            assertThat(Allocation.ofOne(() -> decode(file))).isLessThan(MAX_MEMORY);
        }
    }

    private static void decode(byte[] file) {
        try {
            Pixels pixels = DECODER.decode(file);
            assertThat((long) pixels.width() * pixels.height()).isLessThanOrEqualTo(MAX_PIXELS);
        } catch (UnreadableImageException e) {
            assertThat(e.getMessage()).contains("expected").contains("found");
        }
    }

    /** So that changes of a PNG reach what lies behind the checksums; in place. */
    static byte[] withRightChecksums(byte[] file) {
        int at = 8;
        while (FileFormat.PNG.begins(file) && at + 12 <= file.length) {
            int length = BigEndian.i32(file, at);
            if (length < 0 || length > file.length - at - 12) {
                break;
            }
            CRC32 crc = new CRC32();
            crc.update(file, at + 4, length + 4);
            for (int i = 0; i < 4; i++) {
                file[at + 8 + length + i] = (byte) (crc.getValue() >>> (24 - 8 * i));
            }
            at += length + 12;
        }
        return file;
    }

    /** Small files of every kind that is read, and of some that are refused. */
    static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        Random random = new Random(0);
        for (int[] format : new int[][] {{0, 1}, {0, 8}, {0, 16}, {2, 8}, {2, 16}, {4, 8}, {6, 16}}) {
            PngImage image = PngImage.random(random, 11, 9, format[1], format[0], (1 << format[1]) - 1);
            seeds.add(image.encode(false, row -> row % 5));
            seeds.add(image.encode(true, row -> row % 5));
        }
        PngImage indexed = PngImage.random(random, 11, 9, 4, 3, 4);
        seeds.add(indexed.start(false)
                .chunk("PLTE", new byte[15])
                .chunk("tRNS", (byte) 255, (byte) 255)
                .data(indexed.rows(false, row -> row % 5))
                .end());
        for (JpegSample sample : JpegSample.values()) {
            seeds.add(sample.file());
        }
        return seeds;
    }
}
