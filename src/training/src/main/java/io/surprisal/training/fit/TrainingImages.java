package io.surprisal.training.fit;

import io.surprisal.detector.quantise.Levels;

/**
 * The images a network is fitted to.
 *
 * @param images all of them, as they are kept for the whole run
 * @param seen what a step sees of those in its batch
 */
public record TrainingImages(Levels images, Seen seen) {

    /** From the images of a batch to what the network is fitted to: the same for the same seed. */
    @FunctionalInterface
    public interface Seen {
        Levels of(Levels batch, long seed);
    }

    /** Images that every step sees as they are. */
    public static TrainingImages of(Levels images) {
        return new TrainingImages(images, (batch, seed) -> batch);
    }

    int count() {
        return images.count();
    }
}
