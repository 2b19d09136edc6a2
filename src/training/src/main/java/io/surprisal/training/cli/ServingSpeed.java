package io.surprisal.training.cli;

import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.quantise.Levels;

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
}
