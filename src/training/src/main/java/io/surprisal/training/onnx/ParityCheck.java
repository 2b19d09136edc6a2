package io.surprisal.training.onnx;

import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.likelihood.ChainRule;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.density.AutoregressiveNetwork;
import io.surprisal.training.density.Likelihood;

/**
 * Whether the exported model says of images what libtorch says of them.
 *
 * @param images how many were compared
 * @param largestNats largest difference of a log-likelihood, nats an image
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
        double largest = 0;
        for (int from = 0; from < images.count(); from += BATCH) {
            Levels part = images.slice(from, Math.min(images.count(), from + BATCH));
            double[] expected = Likelihood.nats(network, weights, part);
            var conditionals = exported.evaluate(part);
            for (int i = 0; i < expected.length; i++) {
                double difference =
                        Math.abs(expected[i] - ChainRule.of(conditionals, i).nats());
                if (!(difference <= TOLERANCE_NATS)) {
                    throw new ExportRefusedException(
                            "image %d: libtorch gives %.6f nats, ONNX Runtime differs by %.6f; at most %s is allowed"
                                    .formatted(from + i, expected[i], difference, TOLERANCE_NATS));
                }
                largest = Math.max(largest, difference);
            }
        }
        return new ParityCheck(images.count(), largest);
    }
}
