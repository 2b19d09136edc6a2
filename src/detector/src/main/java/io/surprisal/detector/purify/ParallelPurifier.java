package io.surprisal.detector.purify;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.likelihood.ChainRule;
import io.surprisal.detector.quantise.Levels;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * A likelier image near a given one, by a model that can only be asked for the conditionals of whole images.
 *
 * <p>PixelDefend (Song et al., ICLR 2018) chooses dimension after dimension, which takes an evaluation for each of them, and every
 * conditional whole. Here half of the dimensions, drawn anew each time, move by one level towards the median of their conditional given
 * the image as it is, which the outputs of a bundle tell: x_i lies below its median when P(X_i ≤ x_i) &lt; ½. Half, because dimensions
 * that move at once do not know of each other: if all did, neighbours would follow each other's old values back and forth. No level goes
 * further than ε from where it began, and the likeliest image on the way is the result.
 *
 * <p>Limitations: noise on grey images becomes nearly as likely as by PixelDefend; where channels hang together closely, as in
 * photographs, little is gained, and nothing where an image is odd for what is missing in it.
 */
public final class ParallelPurifier {
    private static final long SEED = 0;

    private ParallelPurifier() {}

    /**
     * Purifies a batch. The same images give the same result.
     *
     * @param model gives conditionals with a CDF; asked 2ε + 1 times
     * @param images any number
     * @param epsilon how far a level may go, in levels; 0 or more
     * @return as many images, each at least as likely as the one it comes from
     * @throws IllegalArgumentException when the model gives no CDF, or epsilon is negative
     */
    public static Levels purify(Function<Levels, Conditionals> model, Levels images, int epsilon) {
        if (epsilon < 0) {
            throw new IllegalArgumentException("expected a distance of 0 levels or more, found " + epsilon);
        }
        SplittableRandom random = new SplittableRandom(SEED);
        byte[] best = images.data().clone();
        double[] bestNats = new double[images.count()];
        Arrays.fill(bestNats, Double.NEGATIVE_INFINITY);
        Levels now = images;
        for (int step = 0; step < 2 * epsilon; step++) {
            Conditionals conditionals = model.apply(now);
            keepLikelier(conditionals, best, bestNats);
            now = moved(conditionals, images, epsilon, random);
        }
        keepLikelier(model.apply(now), best, bestNats);
        return Levels.of(images.shape(), images.levels(), images.count(), best);
    }

    private static void keepLikelier(Conditionals conditionals, byte[] best, double[] bestNats) {
        int dimensions = conditionals.dimensions();
        for (int image = 0; image < conditionals.count(); image++) {
            double nats = ChainRule.of(conditionals, image).nats();
            if (nats > bestNats[image]) {
                bestNats[image] = nats;
                int from = image * dimensions;
                System.arraycopy(conditionals.images().data(), from, best, from, dimensions);
            }
        }
    }

    private static Levels moved(Conditionals conditionals, Levels origin, int epsilon, SplittableRandom random) {
        float[] cdf = conditionals.cdf();
        if (cdf == null) {
            throw new IllegalArgumentException("expected a model with the output cdf, found one without");
        }
        Levels now = conditionals.images();
        byte[] data = now.data().clone();
        for (int i = 0; i < data.length; i++) {
            if (random.nextBoolean()) {
                int began = Byte.toUnsignedInt(origin.data()[i]);
                data[i] = (byte) Math.clamp(
                        Byte.toUnsignedInt(data[i])
                                + towardsMedian(cdf[i], conditionals.logProb()[i]),
                        Math.max(0, began - epsilon),
                        Math.min(now.levels() - 1, began + epsilon));
            }
        }
        return Levels.of(now.shape(), now.levels(), now.count(), data);
    }

    /** 0 for a median: P(X &lt; x) ≤ ½ ≤ P(X ≤ x). */
    private static int towardsMedian(float cdf, float logProb) {
        double half = Math.exp(logProb) / 2;
        if (cdf + half < 0.5) {
            return 1;
        }
        return cdf - half > 0.5 ? -1 : 0;
    }
}
