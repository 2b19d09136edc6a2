package io.surprisal.training.classifier;

import io.surprisal.training.data.ImageSet;
import io.surprisal.training.weights.ParameterLayout;
import io.surprisal.training.weights.Safetensors;
import io.surprisal.training.weights.Safetensors.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Trained classifiers kept in a folder, so that a second evaluation need not train again. A file's name is the hash of everything
 * its weights depend on: images, labels, network, plan, and the version of this code.
 */
public final class ClassifierFile {
    /** To be raised when the network or its training changes. */
    private static final String FORMAT = "surprisal-classifier-1";

    private final Path folder;

    public ClassifierFile(Path folder) {
        this.folder = folder;
    }

    /** The classifier that was trained on these images with this plan, or a new one, which is then kept. */
    public Classifier readOrTrain(ImageSet images, ClassifierPlan plan, ClassifierTrainer.Listener listener)
            throws IOException {
        int[] labels = images.labels();
        if (labels == null) {
            throw new IllegalArgumentException(images.name() + ": expected a label for each image, found none");
        }
        ClassifierNetwork network = new ClassifierNetwork(
                plan.architecture(),
                images.images().shape(),
                Arrays.stream(labels).max().orElse(0) + 1);
        String origin = origin(images, labels, network, plan);
        String key = sha256(origin.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
        Path file = folder.resolve("classifier-" + key + ".safetensors");
        if (Files.exists(file)) {
            return read(file, origin, network, images.images().levels());
        }
        Classifier classifier = new ClassifierTrainer(plan, listener).train(images);
        Files.createDirectories(folder);
        write(file, origin, classifier);
        return classifier;
    }

    private static String origin(ImageSet images, int[] labels, ClassifierNetwork network, ClassifierPlan plan) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * labels.length);
        bytes.asIntBuffer().put(labels);
        return "%s, %s, %s with %d levels, images %s, labels %s, %d epochs, batch %d, learning rate %s, seed %d"
                .formatted(
                        FORMAT,
                        network.describe(),
                        network.shape(),
                        images.images().levels(),
                        images.sha256(),
                        sha256(bytes.array()),
                        plan.epochs(),
                        plan.batch(),
                        plan.learningRate(),
                        plan.seed());
    }

    private static void write(Path file, String origin, Classifier classifier) throws IOException {
        Map<String, Entry> tensors = new LinkedHashMap<>();
        float[] weights = classifier.weights();
        int at = 0;
        for (ParameterLayout.Entry entry : classifier.network().parameters().entries()) {
            long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
            tensors.put(entry.name(), new Entry(shape, Arrays.copyOfRange(weights, at, at + entry.size())));
            at += entry.size();
        }
        new Safetensors(Map.of("origin", origin), tensors).write(file);
    }

    private static Classifier read(Path file, String origin, ClassifierNetwork network, int levels) throws IOException {
        Safetensors stored = Safetensors.read(file);
        if (!Objects.equals(stored.metadata().get("origin"), origin)) {
            throw new IOException(file + ": expected a classifier made from: " + origin + "; found: "
                    + stored.metadata().get("origin"));
        }
        ParameterLayout layout = network.parameters();
        FloatBuffer weights = FloatBuffer.allocate(layout.size());
        layout.entries().forEach(entry -> weights.put(stored.values(entry.name())));
        return new Classifier(network, levels, weights.array());
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
