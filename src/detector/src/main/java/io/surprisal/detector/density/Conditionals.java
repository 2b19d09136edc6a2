package io.surprisal.detector.density;

import io.surprisal.detector.quantise.Levels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a density model says about a batch: for each dimension of each image, a few numbers about the conditional p(· |
 * x_&lt;i), beside the images it is said of.
 *
 * <p>Each array is [N, D], row by row, the dimensions of a row in the order C, H, W (channel slowest); read only. The
 * values are checked here, so that nothing downstream meets a NaN: a log-probability is −∞ (an impossible image) up to
 * {@value #TOLERANCE}, entropies and variances are finite and not below −{@value #TOLERANCE}, the CDF lies in 0..1, a
 * log-ratio is finite.
 *
 * @param images the N images, each of D = C·H·W levels: what a statistic needs of geometry, and of the levels themselves
 * @param logProb ln p(x_i | x_&lt;i), nats
 * @param entropy the surprisal the model itself expects at the dimension, H_i, nats; null when the model has no such
 *     output
 * @param surprisalVariance the variance of that surprisal, nats²; null when the model has no such output
 * @param cdf P(X_i &lt; x_i) + ½ P(X_i = x_i), given x_&lt;i; null when the model has no such output
 * @param backgroundLogRatio ln q(x_i | x_&lt;i) − ln p(x_i | x_&lt;i), nats, of a density q of images to which something has happened
 *     and one of clean images; null when the model has no such output
 * @param screened for each of the N images whether its numbers are those of a cascade's screen, which was sure of it, and not the
 *     model's; null where there is no screen
 */
public record Conditionals(
        Levels images,
        float[] logProb,
        float @Nullable [] entropy,
        float @Nullable [] surprisalVariance,
        float @Nullable [] cdf,
        float @Nullable [] backgroundLogRatio,
        boolean @Nullable [] screened) {

    /** How far rounding in float32 may take a value past its bound. */
    public static final float TOLERANCE = 1e-3f;

    /**
     * Written out and not compact: for a compact constructor javac 25 writes the nullness of array parameters into the
     * class file where no checker of another module finds it.
     *
     * @throws IllegalArgumentException when an array is not N·D long
     * @throws InferenceException when a value is none that a density can have; NaN always
     */
    public Conditionals(
            Levels images,
            float[] logProb,
            float @Nullable [] entropy,
            float @Nullable [] surprisalVariance,
            float @Nullable [] cdf,
            float @Nullable [] backgroundLogRatio,
            boolean @Nullable [] screened) {
        int count = images.count();
        int dimensions = images.shape().dimensions();
        requireValues("log_prob", logProb, count, dimensions, Float.NEGATIVE_INFINITY, TOLERANCE);
        requireValues("entropy", entropy, count, dimensions, -TOLERANCE, Float.MAX_VALUE);
        requireValues("surprisal_variance", surprisalVariance, count, dimensions, -TOLERANCE, Float.MAX_VALUE);
        requireValues("cdf", cdf, count, dimensions, -TOLERANCE, 1 + TOLERANCE);
        requireValues("background_log_ratio", backgroundLogRatio, count, dimensions, -Float.MAX_VALUE, Float.MAX_VALUE);
        if (screened != null && screened.length != count) {
            throw new IllegalArgumentException(
                    "screened: expected one value for each of " + count + " images, found " + screened.length);
        }
        this.images = images;
        this.logProb = logProb;
        this.entropy = entropy;
        this.surprisalVariance = surprisalVariance;
        this.cdf = cdf;
        this.backgroundLogRatio = backgroundLogRatio;
        this.screened = screened;
    }

    /** What one density says, with no other beside it and no screen before it. */
    public Conditionals(
            Levels images,
            float[] logProb,
            float @Nullable [] entropy,
            float @Nullable [] surprisalVariance,
            float @Nullable [] cdf) {
        this(images, logProb, entropy, surprisalVariance, cdf, null, null);
    }

    /** N, at least 1. */
    public int count() {
        return images.count();
    }

    /** D, at least 1. */
    public int dimensions() {
        return images.shape().dimensions();
    }

    /** The images {@code from} (inclusive) to {@code to} (exclusive); at least one. */
    public Conditionals slice(int from, int to) {
        Levels part = images.slice(from, to);
        int start = from * dimensions();
        int end = to * dimensions();
        return new Conditionals(
                part,
                Arrays.copyOfRange(logProb, start, end),
                entropy == null ? null : Arrays.copyOfRange(entropy, start, end),
                surprisalVariance == null ? null : Arrays.copyOfRange(surprisalVariance, start, end),
                cdf == null ? null : Arrays.copyOfRange(cdf, start, end),
                backgroundLogRatio == null ? null : Arrays.copyOfRange(backgroundLogRatio, start, end),
                screened == null ? null : Arrays.copyOfRange(screened, from, to));
    }

    private static void requireValues(
            String output, float @Nullable [] values, int count, int dimensions, float least, float most) {
        if (values == null) {
            return;
        }
        int expected = Math.multiplyExact(count, dimensions);
        if (values.length != expected) {
            throw new IllegalArgumentException(output + ": expected " + count + " × " + dimensions + " = " + expected
                    + " values, found " + values.length);
        }
        for (int i = 0; i < expected; i++) {
            if (!(values[i] >= least && values[i] <= most)) {
                throw new InferenceException(output + ": expected values from " + least + " to " + most + ", found "
                        + values[i] + " at dimension " + i % dimensions + " of image " + i / dimensions);
            }
        }
    }
}
