package io.surprisal.training.onnx;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.likelihood.ChainRule;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.statistic.LikelihoodRatio;
import io.surprisal.training.density.AutoregressiveNetwork;
import io.surprisal.training.density.Background;
import io.surprisal.training.density.FittedNetwork;
import io.surprisal.training.density.Likelihood;
import org.jspecify.annotations.Nullable;

/**
 * Whether the exported model says of images what libtorch says of them.
 *
 * @param images how many were compared
 * @param largestNats largest difference of a log-likelihood, or of a likelihood ratio, nats an image
 */
public record ParityCheck(int images, double largestNats) {
    /** Far above what fp32 arithmetic in another order changes (7e-4), far below what any statistic notices. */
    public static final double TOLERANCE_NATS = 5e-3;

    private static final int BATCH = 32;

    /**
     * Compares the two on every image.
     *
     * @throws ExportRefusedException when an image differs by more than {@value #TOLERANCE_NATS} nats
     */
    public static ParityCheck of(AutoregressiveNetwork network, float[] weights, DensityModel exported, Levels images) {
        return of(new FittedNetwork(network, weights), null, exported, images);
    }

    /**
     * The same, and the likelihood ratio too.
     *
     * @param background that was exported with it, or {@code null}
     */
    public static ParityCheck of(
            FittedNetwork fitted, @Nullable Background background, DensityModel exported, Levels images) {
        double largest = 0;
        for (int from = 0; from < images.count(); from += BATCH) {
            Levels part = images.slice(from, Math.min(images.count(), from + BATCH));
            double[] expected = nats(fitted, part);
            Conditionals conditionals = exported.evaluate(part);
            double[] disturbed = background == null ? expected : nats(background.disturbed(), part);
            double[] twin = background == null ? expected : nats(background.twin(), part);
            for (int i = 0; i < expected.length; i++) {
                int image = from + i;
                double found = ChainRule.of(conditionals, i).nats();
                largest = Math.max(largest, difference("nats", image, expected[i], found));
                if (background != null) {
                    double ratio = new LikelihoodRatio().of(conditionals, i);
                    largest = Math.max(
                            largest, difference("nats of likelihood ratio", image, disturbed[i] - twin[i], ratio));
                }
            }
        }
        return new ParityCheck(images.count(), largest);
    }

    private static double[] nats(FittedNetwork fitted, Levels images) {
        return Likelihood.nats(fitted.network(), fitted.weights(), images);
    }

    private static double difference(String what, int image, double expected, double found) {
        double difference = Math.abs(expected - found);
        if (!(difference <= TOLERANCE_NATS)) {
            throw new ExportRefusedException(
                    "image %d: libtorch gives %.6f %s, ONNX Runtime differs by %.6f; at most %s is allowed"
                            .formatted(image, expected, what, difference, TOLERANCE_NATS));
        }
        return difference;
    }
}
