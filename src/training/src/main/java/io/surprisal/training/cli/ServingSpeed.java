package io.surprisal.training.cli;

import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.quantise.Levels;
import java.util.Arrays;

/** How fast one thread evaluates a model, as a worker of the service does. */
final class ServingSpeed {
    private ServingSpeed() {}

    /** Images a second, all of {@code images} at once, again and again for so many seconds. */
    static double imagesPerSecond(DensityModel model, Levels images, double seconds) {
        long since = System.nanoTime();
        long runs = 0;
        double passed;
        do {
            model.evaluate(images);
            runs++;
            passed = (System.nanoTime() - since) * 1e-9;
        } while (passed < seconds);
        return runs * images.count() / passed;
    }

    /** Of the turns of a measurement, an odd number: what a disturbed turn does not move. */
    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
