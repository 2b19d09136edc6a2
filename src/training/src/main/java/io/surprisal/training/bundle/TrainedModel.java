package io.surprisal.training.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.data.Reduction;
import io.surprisal.training.density.AutoregressiveNetwork;
import io.surprisal.training.density.Families;
import io.surprisal.training.density.FittedNetwork;
import io.surprisal.training.fit.LearningCurve;
import io.surprisal.training.weights.ParameterLayout;
import io.surprisal.training.weights.Safetensors;
import io.surprisal.training.weights.Safetensors.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A trained network with everything that is known of its making: what {@code train} leaves in {@code weights.safetensors} and
 * {@code export} starts from.
 *
 * @param network the architecture
 * @param weights all parameters, in the order of the network's layout
 * @param curve the learning curve
 * @param making how it was made
 */
@SuppressWarnings("ArrayRecordComponent") // one vector of hundreds of thousands of floats, handed on
public record TrainedModel(AutoregressiveNetwork network, float[] weights, LearningCurve curve, Making making) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** File name inside a run's folder. */
    public static final String FILE = "weights.safetensors";

    /**
     * Where a model comes from; enough to make it again.
     *
     * @param data name of the data set
     * @param dataSha256 hash of its training images, before the split
     * @param validation images of the validation split
     * @param calibration images of the calibration split
     * @param seed of weights, order, split, and of binarised images
     * @param binarise how two levels were made of 256, an argument of {@link Reduction#of}; {@code null} for rounding
     * @param disturbed whether something happened to the training images: for the background of a likelihood ratio
     * @param command the arguments of {@code ./surprisal}
     */
    public record Making(
            String data,
            String dataSha256,
            int validation,
            int calibration,
            long seed,
            @Nullable String binarise,
            boolean disturbed,
            String command) {}

    /** How its images were made of the data's. */
    public Reduction reduction() {
        Reduction clean = Reduction.of(network.levels(), making.binarise());
        return making.disturbed() ? clean.disturbed() : clean;
    }

    /** The density. */
    public FittedNetwork fitted() {
        return new FittedNetwork(network, weights);
    }

    public void write(Path folder) throws IOException {
        writeFile(folder.resolve(FILE));
    }

    /** The same, under another name. */
    void writeFile(Path file) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "surprisal-weights-1");
        metadata.put("family", network.family());
        ImageShape shape = network.shape();
        ObjectNode size = JSON.createObjectNode();
        size.put("channels", shape.channels()).put("height", shape.height()).put("width", shape.width());
        metadata.put("shape", size.toString());
        metadata.put("levels", Integer.toString(network.levels()));
        metadata.put("hyperparameters", JSON.writeValueAsString(network.hyperparameters()));
        metadata.put("making", JSON.writeValueAsString(making));
        metadata.put("curve", curve.toJson());
        Map<String, Entry> tensors = new LinkedHashMap<>();
        int at = 0;
        for (ParameterLayout.Entry entry : network.parameters().entries()) {
            float[] values = Arrays.copyOfRange(weights, at, at + entry.size());
            long[] dimensions =
                    entry.shape().stream().mapToLong(Long::longValue).toArray();
            tensors.put(entry.name(), new Entry(dimensions, values));
            at += entry.size();
        }
        new Safetensors(metadata, tensors).write(file);
    }

    /** @throws IOException when the file is missing, no weights file of this project, or does not fit its own network */
    public static TrainedModel read(Path file) throws IOException {
        Safetensors stored = Safetensors.read(file);
        try {
            JsonNode size = JSON.readTree(stored.metadata().getOrDefault("shape", "{}"));
            ImageShape shape = new ImageShape(
                    size.path("channels").asInt(),
                    size.path("height").asInt(),
                    size.path("width").asInt());
            AutoregressiveNetwork network = Families.of(stored.metadata().getOrDefault("family", "none"))
                    .read(
                            shape,
                            Integer.parseInt(stored.metadata().getOrDefault("levels", "0")),
                            JSON.readTree(stored.metadata().getOrDefault("hyperparameters", "{}")));
            return new TrainedModel(
                    network,
                    flat(network.parameters(), stored),
                    LearningCurve.fromJson(stored.metadata().getOrDefault("curve", "[]")),
                    JSON.readValue(stored.metadata().getOrDefault("making", "{}"), Making.class));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is not a weights file of this program: " + e.getMessage(), e);
        }
    }

    private static float[] flat(ParameterLayout layout, Safetensors stored) {
        float[] weights = new float[layout.size()];
        int at = 0;
        for (ParameterLayout.Entry entry : layout.entries()) {
            float[] values = stored.values(entry.name());
            if (values.length != entry.size()) {
                throw new IllegalArgumentException(
                        "tensor %s: expected %d values, found %d".formatted(entry.name(), entry.size(), values.length));
            }
            System.arraycopy(values, 0, weights, at, values.length);
            at += values.length;
        }
        return weights;
    }
}
