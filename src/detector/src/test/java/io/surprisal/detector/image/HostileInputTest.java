package io.surprisal.detector.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * What can go wrong: a file made to harm ends in another exception than the one callers expect, or takes all memory.
 */
class HostileInputTest {
    private static final long MAX_PIXELS = 1 << 16;
    private static final ImageDecoder DECODER = new ImageDecoder(new ImageLimits(1 << 20, 4096, MAX_PIXELS));
    /** Coefficients, samples and result of an image at the limit, its padding, and small change. */
    private static final long MAX_MEMORY = 20 * MAX_PIXELS + (4 << 20);

    private static final List<byte[]> SEEDS = seeds();

    @Property(tries = 3000)
    void mutatedFilesGivePixelsOrTheOneException(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] file = SEEDS.get(random.nextInt(SEEDS.size())).clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            file = mutate(file, random);
        }
        examine(random.nextBoolean() ? withRightChecksums(file) : file);
    }

    @Property(tries = 500)
    void noiseBehindAValidSignatureGivesTheOneException(@ForAll byte[] noise, @ForAll boolean png) {
        byte[] start = Arrays.copyOf(SEEDS.get(png ? 0 : SEEDS.size() - 1), png ? 33 : 2);
        byte[] file = Arrays.copyOf(start, start.length + noise.length);
        System.arraycopy(noise, 0, file, start.length, noise.length);
        examine(file);
    }

    private static void examine(byte[] file) {
        long allocated = Allocation.ofOne(() -> {
            try {
                Pixels pixels = DECODER.decode(file);
                assertThat((long) pixels.width() * pixels.height()).isLessThanOrEqualTo(MAX_PIXELS);
            } catch (UnreadableImageException e) {
                assertThat(e.getMessage()).contains("expected").contains("found");
            }
        });
        assertThat(allocated).isLessThan(MAX_MEMORY);
    }

    private static byte[] mutate(byte[] file, Random random) {
        if (file.length == 0) {
            return file;
        }
        int at = random.nextInt(file.length);
        switch (random.nextInt(6)) {
            case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> file[at] = (byte) random.nextInt(256);
            case 2 -> file[at] = 0;
            case 3 -> file[at] = (byte) 0xFF;
            case 4 -> {
                return Arrays.copyOf(file, at);
            }
            default -> {
                int from = random.nextInt(file.length);
                int length = Math.min(1 + random.nextInt(30), file.length - Math.max(at, from));
                System.arraycopy(file.clone(), from, file, at, length);
            }
        }
        return file;
    }

    /** So that mutations of a PNG reach what lies behind the checksums. */
    private static byte[] withRightChecksums(byte[] file) {
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

    private static List<byte[]> seeds() {
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
