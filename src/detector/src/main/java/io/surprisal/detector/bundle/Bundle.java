package io.surprisal.detector.bundle;

import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.Cascade;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.statistic.Fitted;
import io.surprisal.detector.statistic.Measured;
import io.surprisal.detector.statistic.Statistic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A folder with a density model and everything needed to trust it: {@code bundle.json}, {@code model.onnx},
 * {@code calibration.json} and {@code golden.json}, and of a cascade {@code screen.onnx}, {@code screen.json} and
 * {@code screen-golden.json}. An instance exists only if every clause of the contract holds, but
 * for the golden images, which need the model to run. Each file is read once; what was hashed is what is parsed.
 * Immutable, safe for use by many threads.
 */
public final class Bundle {

    static final String MANIFEST = "bundle.json";
    static final String MODEL = "model.onnx";
    static final String CALIBRATION = "calibration.json";
    static final String GOLDEN = "golden.json";
    static final String SCREEN_MODEL = "screen.onnx";
    static final String SCREEN = "screen.json";
    static final String SCREEN_GOLDEN = "screen-golden.json";

    private static final List<String> SCREEN_FILES = List.of(SCREEN_MODEL, SCREEN, SCREEN_GOLDEN);
    private static final List<String> PARSED = List.of(MODEL, CALIBRATION, GOLDEN, SCREEN_MODEL, SCREEN, SCREEN_GOLDEN);

    private final BundleManifest manifest;
    private final byte[] model;
    private final Calibration calibration;
    private final GoldenImages golden;
    private final @Nullable Screen screen;

    private Bundle(
            BundleManifest manifest,
            byte[] model,
            Calibration calibration,
            GoldenImages golden,
            @Nullable Screen screen) {
        this.manifest = manifest;
        this.model = model;
        this.calibration = calibration;
        this.golden = golden;
        this.screen = screen;
    }

    /**
     * The cheap density that reads every image first, where a bundle has one.
     *
     * @param model the bytes of its ONNX file, to be read only
     * @param cascade how it and the model decide together
     * @param golden images with their log-likelihood by the screen
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record Screen(byte[] model, Cascade cascade, GoldenImages golden) {}

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
        return open(folder, keys, (manifest, model) -> () -> {}).bundle();
    }

    /**
     * A bundle, and what was made of its model.
     *
     * @param <M> what was made
     */
    public record Opened<M>(Bundle bundle, M model) {}

    /**
     * As {@link #load(Path, TrustedKeys)}, for one who wants to run the model: it is handed over as soon as it has been verified, while the
     * calibration is still being read, which takes as long as making a session of the model. What was made is closed if the bundle is
     * refused after all.
     *
     * @param opener given the manifest and the bytes of the ONNX file; what it throws is passed on
     */
    public static <M extends AutoCloseable> Opened<M> open(
            Path folder, TrustedKeys keys, BiFunction<BundleManifest, byte[], M> opener) {
        byte[] manifestJson = read(folder, MANIFEST);
        Optional<Map<String, String>> signed = keys.signed(folder);
        signed.ifPresent(digests -> requireSigned(digests, MANIFEST, Sha256.of(manifestJson)));
        BundleManifest manifest = manifest(manifestJson);
        Map<String, String> hashes = manifest.files();
        signed.ifPresent(digests -> hashes.forEach((name, digest) -> requireSigned(digests, name, digest)));

        CompletableFuture<Calibration> reading = CompletableFuture.supplyAsync(
                () -> {
                    byte[] json = verified(folder, CALIBRATION, hashes);
                    return parse("content of " + CALIBRATION, () -> Calibration.fromJson(json));
                },
                Thread::startVirtualThread);
        byte[] model = verified(folder, MODEL, hashes);
        ModelContract.Graph graph = ModelContract.check(model, manifest.shape());
        M made = opener.apply(manifest, model);
        try {
            byte[] goldenJson = verified(folder, GOLDEN, hashes);
            GoldenImages golden = parse(
                    "content of " + GOLDEN,
                    () -> GoldenImages.read(goldenJson, manifest.shape(), manifest.levels(), graph.rounds()));
            hashes.keySet().stream()
                    .filter(name -> !PARSED.contains(name))
                    .forEach(name -> verified(folder, name, hashes));
            Calibration calibration = result(reading);
            requireCalibrationFor(graph.outputs(), manifest.shape(), calibration);
            Screen screen = screen(folder, manifest, graph.outputs(), calibration);
            return new Opened<>(new Bundle(manifest, model, calibration, golden, screen), made);
        } catch (RuntimeException | Error e) {
            closeAfter(e, made);
            throw e;
        }
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

    /** The density that reads images before the model, where there is one. */
    public Optional<Screen> screen() {
        return Optional.ofNullable(screen);
    }

    /** A bundle has all files of a screen or none. */
    private static @Nullable Screen screen(
            Path folder, BundleManifest manifest, Set<String> outputs, Calibration calibration) {
        Map<String, String> hashes = manifest.files();
        if (SCREEN_FILES.stream().noneMatch(hashes::containsKey)) {
            return null;
        }
        byte[] model = verified(folder, SCREEN_MODEL, hashes);
        ModelContract.Graph graph = ModelContract.check(model, manifest.shape());
        if (!graph.outputs().equals(outputs)) {
            throw new BundleException(
                    "outputs of " + SCREEN_MODEL,
                    "those of " + MODEL + ", " + outputs,
                    graph.outputs().toString());
        }
        byte[] json = verified(folder, SCREEN, hashes);
        byte[] goldenJson = verified(folder, SCREEN_GOLDEN, hashes);
        Cascade cascade = parse("content of " + SCREEN, () -> Cascade.fromJson(json, calibration));
        requireInputs(calibration.names(), cascade.screenStatistics());
        return new Screen(
                model,
                cascade,
                parse(
                        "content of " + SCREEN_GOLDEN,
                        () -> GoldenImages.read(goldenJson, manifest.shape(), manifest.levels(), graph.rounds())));
    }

    private static byte[] verified(Path folder, String name, Map<String, String> hashes) {
        String expected = hashes.get(name);
        if (expected == null) {
            throw new BundleException(
                    "files of " + MANIFEST,
                    name + " with its SHA-256",
                    hashes.keySet().toString());
        }
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new BundleException("files of " + MANIFEST, "plain file names", name);
        }
        byte[] bytes = read(folder, name);
        String found = Sha256.of(bytes);
        if (!found.equals(expected)) {
            throw new BundleException("SHA-256 of " + name, expected, found);
        }
        return bytes;
    }

    private static Calibration result(CompletableFuture<Calibration> reading) {
        try {
            return reading.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException refusal ? refusal : e;
        }
    }

    private static void closeAfter(Throwable refusal, AutoCloseable made) {
        try {
            made.close();
        } catch (Exception e) {
            refusal.addSuppressed(e);
        }
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
        Conditionals probe = new Conditionals(
                pixel,
                one,
                outputs.contains("entropy") ? one : null,
                outputs.contains("surprisal_variance") ? one : null,
                outputs.contains("cdf") ? one : null,
                outputs.contains("background_log_ratio") ? one : null,
                null);
        List<String> expected = Statistic.names(probe);
        if (!Set.copyOf(calibration.names()).equals(Set.copyOf(expected))) {
            throw new BundleException(
                    "statistics of " + CALIBRATION,
                    expected + ", as the outputs of " + MODEL + " allow",
                    calibration.names().toString());
        }
        requireInputs(expected, calibration.statistics());
    }

    /** A fitted statistic names what it reads in its own parameters, so that another list of it could be there. */
    static void requireInputs(List<String> available, List<Statistic> statistics) {
        for (Statistic statistic : statistics) {
            for (Measured input : statistic instanceof Fitted fitted ? fitted.inputs() : List.<Measured>of()) {
                if (!available.contains(input.name())) {
                    throw new BundleException(
                            "parameters of " + statistic.name(),
                            "those of " + available + ", as the outputs of " + MODEL + " allow",
                            input.name());
                }
            }
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
