package io.surprisal.detector.bundle;

import io.surprisal.detector.calibration.Calibration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the folder that {@link Bundle#load} reads. */
public final class BundleWriter {

    private BundleWriter() {}

    /**
     * Writes the four files, the manifest last, so that a folder without {@code bundle.json} is a bundle that was never
     * finished.
     *
     * @param folder made if it does not exist; files of these names are replaced
     * @param manifest its {@code files} are replaced by the hashes of what is written
     * @param model the bytes of an ONNX file
     * @throws UncheckedIOException when a file cannot be written
     */
    public static void write(
            Path folder, BundleManifest manifest, byte[] model, Calibration calibration, GoldenImages golden) {
        write(folder, manifest, files(model, calibration, golden));
    }

    /** As above, with a screen before the model; what the model scores by itself is in the screen's cascade. */
    public static void write(
            Path folder, BundleManifest manifest, byte[] model, GoldenImages golden, Bundle.Screen screen) {
        Map<String, byte[]> files = files(model, screen.cascade().model(), golden);
        files.put(Bundle.SCREEN_MODEL, screen.model());
        files.put(Bundle.SCREEN, screen.cascade().toJson());
        files.put(Bundle.SCREEN_GOLDEN, screen.golden().toJson());
        write(folder, manifest, files);
    }

    private static Map<String, byte[]> files(byte[] model, Calibration calibration, GoldenImages golden) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(Bundle.MODEL, model);
        files.put(Bundle.CALIBRATION, calibration.toJson());
        files.put(Bundle.GOLDEN, golden.toJson());
        return files;
    }

    private static void write(Path folder, BundleManifest manifest, Map<String, byte[]> files) {
        Map<String, String> hashes = new LinkedHashMap<>();
        files.forEach((name, bytes) -> hashes.put(name, Sha256.of(bytes)));
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(folder.resolve(Bundle.MANIFEST));
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Files.write(folder.resolve(file.getKey()), file.getValue());
            }
            Files.write(folder.resolve(Bundle.MANIFEST), ManifestJson.write(manifest.withFiles(hashes)));
        } catch (IOException e) {
            throw new UncheckedIOException("could not write a bundle into " + folder, e);
        }
    }
}
