package io.surprisal.detector.bundle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.json.Fields;
import io.surprisal.detector.likelihood.ChainRule;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.statistic.LikelihoodRatio;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A few images with the log-likelihood the model had for them where it was made: {@code golden.json}. A model that
 * gives other numbers on this machine is another model, and its calibration is void.
 *
 * @param images at least one
 * @param nats their log-likelihoods, finite, in order
 * @param backgroundNats Σ ln q − ln p of their background, finite, in order; empty where the model has none, or it was not written down
 * @param toleranceNats what may differ, an image, more than 0
 */
public record GoldenImages(Levels images, List<Double> nats, List<Double> backgroundNats, double toleranceNats) {

    private static final int SCHEMA_VERSION = 1;
    private static final String BACKGROUND = "backgroundNats";

    /** What float32 arithmetic on another machine may change; an image, nats. */
    public static final double TOLERANCE_NATS = 5e-3;

    /**
     * The same for a model that rounds inner values to integers: what float32 arithmetic changes can move a value across the middle between two codes,
     * and that changed an image by 7e-3 nats. A wrong sum of integers changes it by 10.
     */
    static final double ROUNDING_TOLERANCE_NATS = 5e-2;

    public GoldenImages {
        nats = List.copyOf(nats);
        backgroundNats = List.copyOf(backgroundNats);
        if (!(toleranceNats > 0 && toleranceNats <= ROUNDING_TOLERANCE_NATS)) {
            throw new IllegalArgumentException("expected a tolerance above 0 and at most " + ROUNDING_TOLERANCE_NATS
                    + " nats, found " + toleranceNats);
        }
        if (nats.size() != images.count() || !(backgroundNats.isEmpty() || backgroundNats.size() == images.count())) {
            throw new IllegalArgumentException("expected the nats of " + images.count()
                    + " golden images, and of their background or none, found " + nats.size() + " and "
                    + backgroundNats.size());
        }
        requireFinite(nats);
        requireFinite(backgroundNats);
    }

    private static void requireFinite(List<Double> values) {
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("expected finite golden nats, found " + value);
            }
        }
    }

    /** For a model that computes in float32 throughout, without a background. */
    public GoldenImages(Levels images, List<Double> nats) {
        this(images, nats, List.of(), TOLERANCE_NATS);
    }

    /** What a model says of these images now. */
    public static GoldenImages of(DensityModel model, Levels images) {
        Conditionals conditionals = model.evaluate(images);
        List<Double> nats = new ArrayList<>();
        for (int image = 0; image < images.count(); image++) {
            nats.add(ChainRule.of(conditionals, image).nats());
        }
        LikelihoodRatio ratio = new LikelihoodRatio();
        List<Double> backgroundNats = ratio.applicableTo(conditionals)
                ? IntStream.range(0, images.count())
                        .mapToObj(image -> ratio.of(conditionals, image))
                        .toList()
                : List.of();
        return new GoldenImages(images, nats, backgroundNats, TOLERANCE_NATS);
    }

    /**
     * Compares with what a model says here.
     *
     * @throws BundleException when an image differs by more than the tolerance
     */
    public void replay(DensityModel model) {
        GoldenImages here = of(model, images);
        if (!backgroundNats.isEmpty() && here.backgroundNats.isEmpty()) {
            throw new BundleException("golden images", "a model with the output background_log_ratio", "one without");
        }
        for (int image = 0; image < images.count(); image++) {
            requireSame("golden image " + image, nats.get(image), here.nats.get(image));
            if (!backgroundNats.isEmpty()) {
                requireSame(
                        "background of golden image " + image,
                        backgroundNats.get(image),
                        here.backgroundNats.get(image));
            }
        }
    }

    private void requireSame(String clause, double written, double here) {
        if (!(Math.abs(here - written) <= toleranceNats)) {
            throw new BundleException(clause, written + " nats within " + toleranceNats, here + " nats");
        }
    }

    /** @param rounds whether the model rounds inner values to integers */
    static GoldenImages read(byte[] json, ImageShape shape, int levels, boolean rounds) {
        Fields root = Fields.parse(Bundle.GOLDEN, json);
        int version = root.integer("schemaVersion");
        if (version != SCHEMA_VERSION) {
            throw new IllegalArgumentException("schemaVersion: expected " + SCHEMA_VERSION + ", found " + version);
        }
        List<Levels> images = new ArrayList<>();
        List<Double> nats = new ArrayList<>();
        List<Double> backgroundNats = new ArrayList<>();
        for (Fields image : root.objects("images")) {
            images.add(Levels.of(shape, levels, 1, Base64.getDecoder().decode(image.string("levels"))));
            nats.add(image.number("nats"));
            if (image.names().contains(BACKGROUND)) {
                backgroundNats.add(image.number(BACKGROUND));
            }
        }
        return new GoldenImages(
                Levels.concat(images), nats, backgroundNats, rounds ? ROUNDING_TOLERANCE_NATS : TOLERANCE_NATS);
    }

    byte[] toJson() {
        ObjectNode root = Fields.newObject().put("schemaVersion", SCHEMA_VERSION);
        ArrayNode array = root.putArray("images");
        for (int image = 0; image < images.count(); image++) {
            ObjectNode one = array.addObject()
                    .put(
                            "levels",
                            Base64.getEncoder()
                                    .encodeToString(
                                            images.slice(image, image + 1).data()))
                    .put("nats", nats.get(image));
            if (!backgroundNats.isEmpty()) {
                one.put(BACKGROUND, backgroundNats.get(image));
            }
        }
        return Fields.write(root);
    }
}
