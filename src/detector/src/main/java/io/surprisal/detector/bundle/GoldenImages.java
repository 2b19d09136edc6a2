package io.surprisal.detector.bundle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.json.Fields;
import io.surprisal.detector.likelihood.ChainRule;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A few images with the log-likelihood the model had for them where it was made: {@code golden.json}. A model that
 * gives other numbers on this machine is another model, and its calibration is void.
 *
 * @param images at least one
 * @param nats their log-likelihoods, finite, in order
 */
public record GoldenImages(Levels images, List<Double> nats) {

    private static final int SCHEMA_VERSION = 1;

    /** What float32 arithmetic on another machine may change; an image, nats. */
    public static final double TOLERANCE_NATS = 5e-3;

    public GoldenImages {
        nats = List.copyOf(nats);
        if (nats.size() != images.count()) {
            throw new IllegalArgumentException(
                    "expected the nats of " + images.count() + " golden images, found " + nats.size());
        }
        for (double value : nats) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("expected finite golden nats, found " + value);
            }
        }
    }

    /** What a model says of these images now. */
    public static GoldenImages of(DensityModel model, Levels images) {
        Conditionals conditionals = model.evaluate(images);
        List<Double> nats = new ArrayList<>();
        for (int image = 0; image < images.count(); image++) {
            nats.add(ChainRule.of(conditionals, image).nats());
        }
        return new GoldenImages(images, nats);
    }

    /**
     * Compares with what a model says here.
     *
     * @throws BundleException when an image differs by more than {@value #TOLERANCE_NATS} nats
     */
    public void replay(DensityModel model) {
        List<Double> here = of(model, images).nats();
        for (int image = 0; image < images.count(); image++) {
            if (!(Math.abs(here.get(image) - nats.get(image)) <= TOLERANCE_NATS)) {
                throw new BundleException(
                        "golden image " + image,
                        nats.get(image) + " nats within " + TOLERANCE_NATS,
                        here.get(image) + " nats");
            }
        }
    }

    static GoldenImages read(byte[] json, ImageShape shape, int levels) {
        Fields root = Fields.parse(Bundle.GOLDEN, json);
        int version = root.integer("schemaVersion");
        if (version != SCHEMA_VERSION) {
            throw new IllegalArgumentException("schemaVersion: expected " + SCHEMA_VERSION + ", found " + version);
        }
        List<Levels> images = new ArrayList<>();
        List<Double> nats = new ArrayList<>();
        for (Fields image : root.objects("images")) {
            images.add(Levels.of(shape, levels, 1, Base64.getDecoder().decode(image.string("levels"))));
            nats.add(image.number("nats"));
        }
        return new GoldenImages(Levels.concat(images), nats);
    }

    byte[] toJson() {
        ObjectNode root = Fields.newObject().put("schemaVersion", SCHEMA_VERSION);
        ArrayNode array = root.putArray("images");
        for (int image = 0; image < images.count(); image++) {
            array.addObject()
                    .put(
                            "levels",
                            Base64.getEncoder()
                                    .encodeToString(
                                            images.slice(image, image + 1).data()))
                    .put("nats", nats.get(image));
        }
        return Fields.write(root);
    }
}
