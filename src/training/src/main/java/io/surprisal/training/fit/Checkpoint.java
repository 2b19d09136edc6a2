package io.surprisal.training.fit;

import io.surprisal.training.weights.Safetensors;
import io.surprisal.training.weights.Safetensors.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything a killed run needs to go on as if nothing had happened.
 *
 * @param fingerprint of network, plan and data; a run resumes only from its own checkpoint
 * @param step steps done
 * @param seconds training time so far
 * @param curve the learning curve so far
 * @param weights the current weights
 * @param first Adam's first moments
 * @param second Adam's second moments
 * @param average the averaged weights
 * @param best the averaged weights of the best point of the curve
 */
@SuppressWarnings("ArrayRecordComponent") // vectors of hundreds of thousands of floats, handed on once
record Checkpoint(
        String fingerprint,
        long step,
        double seconds,
        LearningCurve curve,
        float[] weights,
        float[] first,
        float[] second,
        float[] average,
        float[] best) {

    static final String FILE = "checkpoint.safetensors";

    void write(Path folder) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("fingerprint", fingerprint);
        metadata.put("step", Long.toString(step));
        metadata.put("seconds", Double.toString(seconds));
        metadata.put("curve", curve.toJson());
        Map<String, Entry> tensors = new LinkedHashMap<>();
        tensors.put("weights", Entry.vector(weights));
        tensors.put("adam.first", Entry.vector(first));
        tensors.put("adam.second", Entry.vector(second));
        tensors.put("average", Entry.vector(average));
        tensors.put("best", Entry.vector(best));
        Files.createDirectories(folder);
        new Safetensors(metadata, tensors).write(folder.resolve(FILE));
    }

    /** @throws IOException when the file cannot be read or belongs to another run */
    static Checkpoint read(Path folder, String fingerprint) throws IOException {
        Path path = folder.resolve(FILE);
        Safetensors file = Safetensors.read(path);
        String found = file.metadata().getOrDefault("fingerprint", "none");
        if (!found.equals(fingerprint)) {
            throw new IOException(path + " belongs to another run: expected " + fingerprint + ", found " + found
                    + ". Give another --output, or remove the file to start anew.");
        }
        return new Checkpoint(
                fingerprint,
                Long.parseLong(file.metadata().getOrDefault("step", "")),
                Double.parseDouble(file.metadata().getOrDefault("seconds", "")),
                LearningCurve.fromJson(file.metadata().getOrDefault("curve", "[]")),
                file.values("weights"),
                file.values("adam.first"),
                file.values("adam.second"),
                file.values("average"),
                file.values("best"));
    }
}
