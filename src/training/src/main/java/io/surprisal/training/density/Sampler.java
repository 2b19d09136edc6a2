package io.surprisal.training.density;

import io.surprisal.detector.quantise.Levels;
import java.util.BitSet;
import java.util.Random;
import java.util.function.DoubleConsumer;

/**
 * Draws images from a network, or what is missing of images. Draws with Java's generator, so that a seed gives the same images wherever
 * the conditionals are the same. For the cost see {@link ChainWalk}.
 */
public final class Sampler {
    private final AutoregressiveNetwork network;
    private final ChainWalk walk;

    public Sampler(AutoregressiveNetwork network, float[] weights) {
        this.network = network;
        this.walk = new ChainWalk(network, weights);
    }

    /**
     * Draws images.
     *
     * @param count how many, all at once
     * @param temperature above 0; 1 draws from the model, less sharpens every conditional
     * @param progress told the share done, 0..1
     */
    public Levels sample(int count, double temperature, long seed, DoubleConsumer progress) {
        byte[] data = new byte[count * network.shape().dimensions()];
        return draw(data, count, walk.all(), temperature, seed, progress);
    }

    /**
     * Draws what is missing, each dimension given those before it in the network's order. What comes later in that order does not shape
     * the drawing: a lower half is drawn from the model's own conditional, an upper half is not.
     *
     * @param images of the network's shape and levels
     * @param missing dimensions to draw, by their place in an image's levels, C, H, W; the same of every image
     * @param temperature as in {@link #sample}
     */
    public Levels complete(Levels images, BitSet missing, double temperature, long seed, DoubleConsumer progress) {
        walk.requireFitting(images);
        return draw(images.data().clone(), images.count(), missing, temperature, seed, progress);
    }

    private Levels draw(byte[] data, int count, BitSet free, double temperature, long seed, DoubleConsumer progress) {
        if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("expected a temperature above 0, found " + temperature);
        }
        Random random = new Random(seed);
        walk.run(
                data,
                count,
                free,
                (image, dimension, logProbabilities, from) ->
                        draw(logProbabilities, from, temperature, random.nextDouble()),
                progress);
        return Levels.of(network.shape(), network.levels(), count, data);
    }

    /** The level at which the cumulative distribution passes {@code u}, uniform in [0, 1). */
    private int draw(float[] logProbabilities, int from, double temperature, double u) {
        double[] mass = new double[network.levels()];
        double total = 0;
        float likeliest = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < mass.length; k++) {
            likeliest = Math.max(likeliest, logProbabilities[from + k]);
        }
        for (int k = 0; k < mass.length; k++) {
            // Beside the likeliest level, or a low temperature would leave nothing of any.
            mass[k] = Math.exp((logProbabilities[from + k] - likeliest) / temperature);
            total += mass[k];
        }
        double left = u * total;
        for (int k = 0; k < mass.length; k++) {
            left -= mass[k];
            if (left < 0) {
                return k;
            }
        }
        return mass.length - 1;
    }
}
