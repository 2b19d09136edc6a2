package io.surprisal.training.density;

import io.surprisal.detector.quantise.Levels;
import java.util.function.DoubleConsumer;

/**
 * A likely image near a given one: dimension by dimension, in the network's order, the likeliest level within ε of the one that is there,
 * given those chosen before (PixelDefend; Song et al., ICLR 2018, algorithm 1). Greedy, so not the likeliest image of all that are near.
 */
public final class Purifier {
    private final AutoregressiveNetwork network;
    private final ChainWalk walk;

    public Purifier(AutoregressiveNetwork network, float[] weights) {
        this.network = network;
        this.walk = new ChainWalk(network, weights);
    }

    /**
     * Purifies.
     *
     * @param images of the network's shape and levels
     * @param epsilon how far a level may go, in levels; 0 or more
     * @param progress told the share done, 0..1
     */
    public Levels purify(Levels images, int epsilon, DoubleConsumer progress) {
        if (epsilon < 0) {
            throw new IllegalArgumentException("expected a distance of 0 levels or more, found " + epsilon);
        }
        walk.requireFitting(images);
        byte[] there = images.data();
        byte[] data = new byte[there.length];
        int dimensions = network.shape().dimensions();
        walk.run(
                data,
                images.count(),
                walk.all(),
                (image, dimension, logProbabilities, from) -> {
                    int level = Byte.toUnsignedInt(there[image * dimensions + dimension]);
                    return likeliest(logProbabilities, from, level, epsilon);
                },
                progress);
        return Levels.of(network.shape(), network.levels(), images.count(), data);
    }

    private int likeliest(float[] logProbabilities, int from, int level, int epsilon) {
        int best = level;
        for (int k = Math.max(0, level - epsilon); k <= Math.min(network.levels() - 1, level + epsilon); k++) {
            best = logProbabilities[from + k] > logProbabilities[from + best] ? k : best;
        }
        return best;
    }
}
