package io.surprisal.training.fit;

import io.surprisal.detector.quantise.Levels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The images a network is fitted to.
 *
 * @param images all of them, as they are kept for the whole run
 * @param labels class of each image, or {@code null}
 * @param seen what a step sees of those in its batch
 */
@SuppressWarnings("ArrayRecordComponent") // a data set is handed on, never compared
public record TrainingImages(Levels images, int @Nullable [] labels, Seen seen) {

    // Not the compact form: there, javac 25 puts the nullness of an array parameter where other modules cannot see it.
    public TrainingImages(Levels images, int @Nullable [] labels, Seen seen) {
        this.images = images;
        this.labels = labels;
        this.seen = seen;
    }

    /** From the images of a batch to what the network is fitted to: the same for the same seed. */
    @FunctionalInterface
    public interface Seen {
        Levels of(Levels batch, long seed);
    }

    /** Images that every step sees as they are. */
    public static TrainingImages of(Levels images) {
        return new TrainingImages(images, null, (batch, seed) -> batch);
    }

    /** Some of the images, as a step sees them, with their labels. */
    @SuppressWarnings("ArrayRecordComponent")
    record Batch(Levels images, int @Nullable [] labels) {
        Batch(Levels images, int @Nullable [] labels) {
            this.images = images;
            this.labels = labels;
        }
    }

    /** The images at the given places. */
    Batch pick(int[] places, long seed) {
        int size = images.shape().dimensions();
        byte[] data = new byte[places.length * size];
        for (int i = 0; i < places.length; i++) {
            System.arraycopy(images.data(), places[i] * size, data, i * size, size);
        }
        Levels picked = Levels.of(images.shape(), images.levels(), places.length, data);
        int[] known = labels;
        return new Batch(
                seen.of(picked, seed),
                known == null ? null : Arrays.stream(places).map(i -> known[i]).toArray());
    }

    int count() {
        return images.count();
    }
}
