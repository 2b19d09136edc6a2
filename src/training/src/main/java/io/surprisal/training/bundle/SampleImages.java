package io.surprisal.training.bundle;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.data.PngFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/**
 * Images to try a bundle with: some drawn from the model itself, and the same ones with a fault a gate should notice. No data set is
 * needed, and none is published.
 *
 * @param drawn from the model
 * @param seed of the faults
 */
record SampleImages(Levels drawn, long seed) {
    private static final int COUNT = 4;
    private static final int NOISE = 8;
    private static final int PATCH = 7;
    private static final int HOT_PIXELS_ONE_IN = 50;

    /** Writes {@code 1-drawn.png}, {@code 1-noise.png} and so on. */
    void write(Path folder) throws IOException {
        for (int i = 0; i < Math.min(COUNT, drawn.count()); i++) {
            Levels image = drawn.slice(i, i + 1);
            Random random = new Random(seed + i);
            String prefix = i + 1 + "-";
            PngFiles.write(image, 0, folder.resolve(prefix + "drawn.png"));
            PngFiles.write(noise(image, random), 0, folder.resolve(prefix + "noise.png"));
            PngFiles.write(patch(image, random), 0, folder.resolve(prefix + "patch.png"));
            PngFiles.write(hotPixels(image, random), 0, folder.resolve(prefix + "hot-pixels.png"));
        }
    }

    /** Every level moved by up to ±{@value #NOISE}, evenly: hardly seen by people. */
    private static Levels noise(Levels image, Random random) {
        byte[] data = image.data().clone();
        for (int i = 0; i < data.length; i++) {
            int level = Byte.toUnsignedInt(data[i]) + random.nextInt(2 * NOISE + 1) - NOISE;
            data[i] = (byte) Math.clamp(level, 0, image.levels() - 1);
        }
        return with(image, data);
    }

    /** A square of noise, as a sticker would be. */
    private static Levels patch(Levels image, Random random) {
        ImageShape s = image.shape();
        byte[] data = image.data().clone();
        int size = Math.min(PATCH, Math.min(s.height(), s.width()));
        int top = random.nextInt(s.height() - size + 1);
        int left = random.nextInt(s.width() - size + 1);
        for (int channel = 0; channel < s.channels(); channel++) {
            for (int row = top; row < top + size; row++) {
                for (int column = left; column < left + size; column++) {
                    data[(channel * s.height() + row) * s.width() + column] = (byte) random.nextInt(image.levels());
                }
            }
        }
        return with(image, data);
    }

    /** One dimension in fifty white, as the hot pixels of a failing sensor are. */
    private static Levels hotPixels(Levels image, Random random) {
        byte[] data = image.data().clone();
        for (int i = 0; i < data.length / HOT_PIXELS_ONE_IN; i++) {
            data[random.nextInt(data.length)] = (byte) (image.levels() - 1);
        }
        return with(image, data);
    }

    private static Levels with(Levels image, byte[] data) {
        return Levels.of(image.shape(), image.levels(), 1, data);
    }
}
