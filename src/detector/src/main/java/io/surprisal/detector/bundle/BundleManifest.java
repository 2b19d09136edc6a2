package io.surprisal.detector.bundle;

import io.surprisal.detector.likelihood.DimensionOrder;
import io.surprisal.detector.quantise.ImageShape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code bundle.json}: what a bundle is, where it came from, and the hash of each file.
 *
 * @param name lower-case letters, digits, {@code . _ -}; part of URLs and metrics
 * @param version letters, digits, {@code . _ -}
 * @param family of density models: {@code gated-pixelcnn}
 * @param hyperparameters free-form, for people
 * @param shape of the images
 * @param levels L, 2..256
 * @param dimensionOrder the order of the chain rule; {@link #RASTER} for most models trained here
 * @param bitsPerDimension on the three splits
 * @param data what it was trained on
 * @param seed of the training
 * @param producer the program that wrote the bundle
 * @param files SHA-256 in lower-case hexadecimal, by file name
 */
public record BundleManifest(
        String name,
        String version,
        String family,
        Map<String, Object> hyperparameters,
        ImageShape shape,
        int levels,
        DimensionOrder dimensionOrder,
        SplitBits bitsPerDimension,
        TrainingData data,
        long seed,
        String producer,
        Map<String, String> files) {

    /** Row by row, column by column, the channels of a pixel in the order R, G, B. */
    public static final DimensionOrder RASTER = DimensionOrder.RASTER;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]*");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    public BundleManifest {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "expected a name of lower-case letters, digits and . _ -, found " + name);
        }
        if (!VERSION.matcher(version).matches()) {
            throw new IllegalArgumentException("expected a version of letters, digits and . _ -, found " + version);
        }
        if (levels < 2 || levels > 256) {
            throw new IllegalArgumentException("expected 2 to 256 levels, found " + levels);
        }
        dimensionOrder.requireFor(shape);
        hyperparameters = Collections.unmodifiableMap(new LinkedHashMap<>(hyperparameters));
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    }

    /** Bits per dimension on each split; finite, not negative. */
    public record SplitBits(double train, double validation, double test) {

        public SplitBits {
            if (!(train >= 0 && validation >= 0 && test >= 0 && Double.isFinite(train + validation + test))) {
                throw new IllegalArgumentException("expected finite bits per dimension of at least 0, found " + train
                        + ", " + validation + " and " + test);
            }
        }
    }

    /**
     * What a model was trained on.
     *
     * @param name for people
     * @param sha256 of what was trained on, as the producer defines it; lower-case hexadecimal
     * @param binarised how two levels were made of the data's, for people; {@code null} where it was by rounding, as the
     *     detector does
     */
    public record TrainingData(
            String name, String sha256, @Nullable String binarised) {

        public TrainingData(String name, String sha256) {
            this(name, sha256, null);
        }

        public TrainingData {
            if (!sha256.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("expected a SHA-256 in lower-case hexadecimal, found " + sha256);
            }
        }
    }

    BundleManifest withFiles(Map<String, String> hashes) {
        return new BundleManifest(
                name,
                version,
                family,
                hyperparameters,
                shape,
                levels,
                dimensionOrder,
                bitsPerDimension,
                data,
                seed,
                producer,
                hashes);
    }
}
