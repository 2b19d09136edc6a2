package io.surprisal.training.classifier;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.data.ImageSet;
import java.util.Random;

/** Noisy images of two classes: the left half is brighter (0) or the right one (1). */
final class BrightAndDark {
    private BrightAndDark() {}

    static ImageSet images(ImageShape shape, int count, long seed) {
        Random random = new Random(seed);
        byte[] data = new byte[count * shape.dimensions()];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = random.nextInt(2);
            for (int d = 0; d < shape.dimensions(); d++) {
                boolean left = d % shape.width() < shape.width() / 2;
                int base = left == (labels[i] == 0) ? 150 : 50;
                data[i * shape.dimensions() + d] = (byte) (base + random.nextInt(60));
            }
        }
        return new ImageSet("bright-and-dark", Levels.of(shape, 256, count, data), labels);
    }
}
