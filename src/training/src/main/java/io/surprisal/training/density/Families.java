package io.surprisal.training.density;

import com.fasterxml.jackson.databind.JsonNode;
import io.surprisal.detector.quantise.ImageShape;
import java.util.ArrayList;
import java.util.List;

/** The families there are, by the name in {@code bundle.json}. */
public final class Families {
    private Families() {}

    /**
     * Builds a network again from what {@link AutoregressiveNetwork#hyperparameters()} wrote.
     *
     * @throws IllegalArgumentException when the family is unknown or a hyperparameter is missing
     */
    public static AutoregressiveNetwork of(String family, ImageShape shape, int levels, JsonNode hyperparameters) {
        return switch (family) {
            case "gated-pixelcnn" -> new GatedPixelCnn(shape, levels, gatedPixelCnn(hyperparameters));
            default -> throw new IllegalArgumentException("expected family gated-pixelcnn, found " + family);
        };
    }

    private static GatedPixelCnnSettings gatedPixelCnn(JsonNode node) {
        List<Integer> dilations = new ArrayList<>();
        node.path("dilations").forEach(d -> dilations.add(d.asInt()));
        return new GatedPixelCnnSettings(
                integer(node, "channels"),
                integer(node, "blocks"),
                integer(node, "hidden"),
                integer(node, "features"),
                dilations);
    }

    private static int integer(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (!value.isInt()) {
            throw new IllegalArgumentException("expected hyperparameter " + name + " to be an integer, found " + value);
        }
        return value.asInt();
    }
}
