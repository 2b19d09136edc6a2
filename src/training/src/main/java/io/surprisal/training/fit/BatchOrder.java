package io.surprisal.training.fit;

import io.surprisal.training.data.Permutation;
import java.util.Arrays;
import java.util.Random;

/**
 * The images of each step: a fresh permutation each epoch, computed from the seed and the epoch's number alone, so that a resumed
 * run sees what the killed one would have seen. Keeps the current permutation; not thread-safe.
 */
final class BatchOrder {
    private final TrainingImages training;
    private final int batch;
    private final long seed;
    private int[] order = {};
    private long epoch = -1;

    BatchOrder(TrainingImages training, int batch, long seed) {
        if (training.count() < batch) {
            throw new IllegalArgumentException(
                    "expected at least one batch of " + batch + " training images, found " + training.count());
        }
        this.training = training;
        this.batch = batch;
        this.seed = seed;
    }

    /** The batch of a step, the first step being 1. Images that do not fill a last batch wait for the next epoch. */
    TrainingImages.Batch batch(long step) {
        long perEpoch = training.count() / batch;
        shuffle((step - 1) / perEpoch);
        int from = Math.toIntExact((step - 1) % perEpoch) * batch;
        return training.pick(Arrays.copyOfRange(order, from, from + batch), seed * 1_000_003 + step);
    }

    private void shuffle(long wanted) {
        if (wanted == epoch) {
            return;
        }
        epoch = wanted;
        order = Permutation.of(training.count(), new Random(seed * 1_000_003 + epoch));
    }
}
