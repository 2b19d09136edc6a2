package io.surprisal.training.onnx;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.likelihood.DimensionOrder;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Whether the outputs of a model are what the contract says, for a model that nobody here wrote. Only {@code log_prob} of the level that
 * was observed leaves the graph; but an image can be given every level at one place, and what the model says there is the whole
 * conditional: its probabilities have to sum to 1, and {@code entropy}, {@code surprisal_variance} and {@code cdf} have to be theirs.
 *
 * @param places how many conditionals were tried
 */
public record ConditionalsCheck(int places) {
    /** Float32 over 256 levels gives 1e-5; a mask or a normalisation that is wrong gives tenths. */
    static final double TOLERANCE = 2e-3;

    private static final int PLACES = 8;
    private static final int BATCH = 16;

    /**
     * Tries places evenly over the order, in images drawn from {@code images}.
     *
     * @throws ExportRefusedException naming the first output that is not what it should be
     */
    public static ConditionalsCheck of(DensityModel model, DimensionOrder order, Levels images, long seed) {
        Random random = new Random(seed);
        ImageShape shape = images.shape();
        int places = Math.min(PLACES, shape.dimensions());
        for (int i = 0; i < places; i++) {
            int place = CausalityCheck.place(i, places, shape.dimensions(), random);
            int image = random.nextInt(images.count());
            int at = DimensionOrder.offset(shape, order.at(place));
            new Conditional(place, Outputs.of(model, images.slice(image, image + 1), at)).check();
        }
        return new ConditionalsCheck(places);
    }

    /** What the model says at one place, by the level there; null for an output it does not have. */
    private record Outputs(
            double[] logProb, double @Nullable [] entropy, double @Nullable [] variance, double @Nullable [] cdf) {
        static Outputs of(DensityModel model, Levels image, int at) {
            int levels = image.levels();
            int dimensions = image.shape().dimensions();
            double[] logProb = new double[levels];
            double[] entropy = new double[levels];
            double[] variance = new double[levels];
            double[] cdf = new double[levels];
            boolean entropies = false;
            boolean variances = false;
            boolean distribution = false;
            for (int from = 0; from < levels; from += BATCH) {
                int count = Math.min(BATCH, levels - from);
                byte[] data = new byte[count * dimensions];
                for (int k = 0; k < count; k++) {
                    System.arraycopy(image.data(), 0, data, k * dimensions, dimensions);
                    data[k * dimensions + at] = (byte) (from + k);
                }
                Conditionals said = model.evaluate(Levels.of(image.shape(), levels, count, data));
                entropies = said.entropy() != null;
                variances = said.surprisalVariance() != null;
                distribution = said.cdf() != null;
                for (int k = 0; k < count; k++) {
                    int offset = k * dimensions + at;
                    logProb[from + k] = said.logProb()[offset];
                    entropy[from + k] = value(said.entropy(), offset);
                    variance[from + k] = value(said.surprisalVariance(), offset);
                    cdf[from + k] = value(said.cdf(), offset);
                }
            }
            return new Outputs(
                    logProb, entropies ? entropy : null, variances ? variance : null, distribution ? cdf : null);
        }

        private static double value(float @Nullable [] output, int offset) {
            return output == null ? 0 : output[offset];
        }
    }

    private record Conditional(int place, Outputs said) {
        void check() {
            int levels = said.logProb().length;
            double[] p = IntStream.range(0, levels)
                    .mapToDouble(k -> Math.exp(said.logProb()[k]))
                    .toArray();
            double sum = IntStream.range(0, levels).mapToDouble(k -> p[k]).sum();
            require("the sum of the probabilities of all levels", 1, sum);
            double entropy = expected(p, 1);
            double below = 0;
            for (int k = 0; k < levels; k++) {
                if (said.entropy() != null) {
                    require("entropy", entropy, said.entropy()[k]);
                }
                if (said.variance() != null) {
                    require("surprisal_variance", expected(p, 2) - entropy * entropy, said.variance()[k]);
                }
                if (said.cdf() != null) {
                    require("cdf of level " + k, below + p[k] / 2, said.cdf()[k]);
                }
                below += p[k];
            }
        }

        /** Of a power of the surprisal; a level that is impossible counts nothing. */
        private double expected(double[] p, int power) {
            return IntStream.range(0, p.length)
                    .filter(k -> p[k] > 0)
                    .mapToDouble(k -> p[k] * Math.pow(-said.logProb()[k], power))
                    .sum();
        }

        private void require(String what, double expected, double found) {
            if (!(Math.abs(found - expected) <= TOLERANCE * Math.max(1, expected))) {
                throw new ExportRefusedException(
                        "outputs of model.onnx: expected that, given the dimensions before the one at place %d, %s is %.5f, found %.5f"
                                .formatted(place, what, expected, found));
            }
        }
    }
}
