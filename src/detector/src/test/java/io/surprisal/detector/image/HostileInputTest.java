package io.surprisal.detector.image;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * What can go wrong: a file made to harm ends in another exception than the one callers expect, or takes all memory.
 */
class HostileInputTest {
    private static final List<byte[]> SEEDS = HostileFiles.seeds();

    @Property(tries = 3000)
    void mutatedFilesGivePixelsOrTheOneException(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] file = SEEDS.get(random.nextInt(SEEDS.size())).clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            file = mutate(file, random);
        }
        HostileFiles.examine(random.nextBoolean() ? HostileFiles.withRightChecksums(file) : file);
    }

    @Property(tries = 500)
    void noiseBehindAValidSignatureGivesTheOneException(@ForAll byte[] noise, @ForAll boolean png) {
        byte[] start = Arrays.copyOf(SEEDS.get(png ? 0 : SEEDS.size() - 1), png ? 33 : 2);
        byte[] file = Arrays.copyOf(start, start.length + noise.length);
        System.arraycopy(noise, 0, file, start.length, noise.length);
        HostileFiles.examine(file);
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
}
