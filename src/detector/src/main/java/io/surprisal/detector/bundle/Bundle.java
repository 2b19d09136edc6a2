package io.surprisal.detector.bundle;

import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.statistic.Statistic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A folder with a density model and everything needed to trust it: {@code bundle.json}, {@code model.onnx},
 * {@code calibration.json} and {@code golden.json}. An instance exists only if every clause of the contract holds, but
 * for the golden images, which need the model to run. Each file is read once; what was hashed is what is parsed.
 * Immutable, safe for use by many threads.
 */
public final class Bundle {

    static final String MANIFEST = "bundle.json";
    static final String MODEL = "model.onnx";
    static final String CALIBRATION = "calibration.json";
    static final String GOLDEN = "golden.json";

    private final BundleManifest manifest;
    private final byte[] model;
    private final Calibration calibration;
    private final GoldenImages golden;

    private Bundle(BundleManifest manifest, byte[] model, Calibration calibration, GoldenImages golden) {
        this.manifest = manifest;
        this.model = model;
        this.calibration = calibration;
        this.golden = golden;
    }

    /**
     * Reads and checks a folder.
     *
     * @throws BundleException with the first clause that is broken
     */
    public static Bundle load(Path folder) {
        return load(folder, TrustedKeys.none());
    }

    /** As {@link #load(Path)}, and one of the keys must have signed what is read. */
    public static Bundle load(Path folder, TrustedKeys keys) {
        byte[] manifestJson = read(folder, MANIFEST);
        Optional<Map<String, String>> signed = keys.signed(folder);
        signed.ifPresent(digests -> requireSigned(digests, MANIFEST, Sha256.of(manifestJson)));
        BundleManifest manifest = manifest(manifestJson);
        signed.ifPresent(digests -> manifest.files().forEach((name, digest) -> requireSigned(digests, name, digest)));
        Map<String, byte[]> files = verified(folder, manifest.files());
        byte[] model = required(files, MODEL);
        byte[] calibrationJson = required(files, CALIBRATION);
        byte[] goldenJson = required(files, GOLDEN);
        Set<String> outputs = ModelContract.check(model, manifest.shape());
        Calibration calibration = parse("content of " + CALIBRATION, () -> Calibration.fromJson(calibrationJson));
        requireCalibrationFor(outputs, manifest.shape(), calibration);
        GoldenImages golden =
                parse("content of " + GOLDEN, () -> GoldenImages.read(goldenJson, manifest.shape(), manifest.levels()));
        return new Bundle(manifest, model, calibration, golden);
    }

    public BundleManifest manifest() {
        return manifest;
    }

    /** The bytes of the ONNX file: the array itself, not a copy, to be read only. */
    public byte[] model() {
        return model;
    }

    public Calibration calibration() {
        return calibration;
    }

    public GoldenImages golden() {
        return golden;
    }

    private static Map<String, byte[]> verified(Path folder, Map<String, String> hashes) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        hashes.forEach((name, expected) -> {
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
                throw new BundleException("files of " + MANIFEST, "plain file names", name);
            }
            byte[] bytes = read(folder, name);
            String found = Sha256.of(bytes);
            if (!found.equals(expected)) {
                throw new BundleException("SHA-256 of " + name, expected, found);
            }
            files.put(name, bytes);
        });
        return files;
    }

    private static byte[] required(Map<String, byte[]> files, String name) {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw new BundleException(
                    "files of " + MANIFEST,
                    name + " with its SHA-256",
                    files.keySet().toString());
        }
        return bytes;
    }

    private static void requireSigned(Map<String, String> digests, String name, String found) {
        String signed = digests.get(name);
        if (!found.equals(signed)) {
            throw new BundleException(
                    "SHA-256 of " + name + " in " + TrustedKeys.SIGNATURE, found, signed == null ? "none" : signed);
        }
    }

    static BundleManifest manifest(Path folder) {
        return manifest(read(folder, MANIFEST));
    }

    private static BundleManifest manifest(byte[] json) {
        return parse("content of " + MANIFEST, () -> ManifestJson.read(json));
    }

    static byte[] read(Path folder, String name) {
        try {
            return Files.readAllBytes(folder.resolve(name));
        } catch (IOException e) {
            throw new BundleException("files of a bundle", name + " in " + folder, "none that can be read", e);
        }
    }

    /**
     * A statistic of the calibration that the model cannot feed would fail on the first image; one it can feed must not
     * be missing.
     */
    private static void requireCalibrationFor(Set<String> outputs, ImageShape shape, Calibration calibration) {
        int channels = shape.channels();
        float[] one = new float[channels];
        Levels pixel = Levels.of(new ImageShape(channels, 1, 1), 2, 1, new byte[channels]);
        boolean entropies = outputs.contains("entropy");
        boolean distribution = outputs.contains("cdf");
        boolean variances = outputs.contains("surprisal_variance");
        Conditionals probe =
                new Conditionals(pixel, one, entropies ? one : null, variances ? one : null, distribution ? one : null);
        List<String> expected = Statistic.names(probe);
        if (!Set.copyOf(calibration.names()).equals(Set.copyOf(expected))) {
            throw new BundleException(
                    "statistics of " + CALIBRATION,
                    expected + ", as the outputs of " + MODEL + " allow",
                    calibration.names().toString());
        }
    }

    private static <T> T parse(String clause, Supplier<T> parser) {
        try {
            return parser.get();
        } catch (IllegalArgumentException e) {
            throw new BundleException(clause, "what the contract says", "a fault: " + e.getMessage(), e);
        }
    }
}
