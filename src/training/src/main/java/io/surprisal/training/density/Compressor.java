package io.surprisal.training.density;

import io.surprisal.detector.quantise.Levels;
import java.util.function.DoubleConsumer;

/**
 * Lossless compression by a network: an arithmetic coder driven by its conditionals (Shannon's correspondence of codes and densities; van
 * den Oord and Schrauwen 2014 for images). Its length is the log-likelihood, up to the rounding of probabilities to 24 bits and the last
 * bytes: proof that the bits per dimension are real.
 *
 * <p>Both directions go through the same passes over the same levels, dimensions not yet coded being 0, since a conditional that differs
 * in its last digit would take the decoder astray. It may differ on another machine, with another number of threads or another libtorch:
 * whoever keeps the code has to keep a checksum of the images as well.
 */
public final class Compressor {
    /** Probabilities are counted in 2^−24; a level the network thinks impossible still has one of these. */
    private static final int TOTAL = 1 << 24;

    private final AutoregressiveNetwork network;
    private final ChainWalk walk;

    public Compressor(AutoregressiveNetwork network, float[] weights) {
        this.network = network;
        this.walk = new ChainWalk(network, weights);
    }

    /**
     * What compressing gave.
     *
     * @param code the bytes
     * @param nats −ln p of all images together under the same conditionals, before they were rounded
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record Compressed(byte[] code, double nats) {}

    /**
     * Compresses a batch into one code.
     *
     * @param images of the network's shape and levels
     * @param progress told the share done, 0..1
     */
    public Compressed compress(Levels images, DoubleConsumer progress) {
        walk.requireFitting(images);
        ArithmeticEncoder encoder = new ArithmeticEncoder(TOTAL);
        double[] nats = new double[1];
        int dimensions = network.shape().dimensions();
        walk.run(
                new byte[images.data().length],
                images.count(),
                walk.all(),
                (image, dimension, logProbabilities, from) -> {
                    int level = Byte.toUnsignedInt(images.data()[image * dimensions + dimension]);
                    int[] cumulative = cumulative(logProbabilities, from);
                    encoder.encode(cumulative[level], cumulative[level + 1]);
                    nats[0] -= logProbabilities[from + level];
                    return level;
                },
                progress);
        return new Compressed(encoder.finish(), nats[0]);
    }

    /**
     * The inverse.
     *
     * @param count of the images in the code
     */
    public Levels decompress(byte[] code, int count, DoubleConsumer progress) {
        ArithmeticDecoder decoder = new ArithmeticDecoder(code, TOTAL);
        byte[] data = new byte[count * network.shape().dimensions()];
        walk.run(
                data,
                count,
                walk.all(),
                (image, dimension, logProbabilities, from) -> decoder.decode(cumulative(logProbabilities, from)),
                progress);
        return Levels.of(network.shape(), network.levels(), count, data);
    }

    /** L + 1 numbers from 0 to {@link #TOTAL}: between two of them lies a level's share, at least 1. */
    private int[] cumulative(float[] logProbabilities, int from) {
        int levels = network.levels();
        int[] share = new int[levels];
        int spare = TOTAL - levels;
        int left = spare;
        int likeliest = 0;
        for (int k = 0; k < levels; k++) {
            // StrictMath: the same to the last digit on every machine.
            share[k] = (int) Math.min(left, Math.max(0, StrictMath.exp(logProbabilities[from + k]) * spare));
            left -= share[k];
            likeliest = logProbabilities[from + k] > logProbabilities[from + likeliest] ? k : likeliest;
        }
        share[likeliest] += left;
        int[] cumulative = new int[levels + 1];
        for (int k = 0; k < levels; k++) {
            cumulative[k + 1] = cumulative[k] + 1 + share[k];
        }
        return cumulative;
    }
}
