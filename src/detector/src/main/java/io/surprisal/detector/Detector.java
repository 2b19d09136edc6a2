package io.surprisal.detector;

import io.surprisal.detector.bundle.Bundle;
import io.surprisal.detector.bundle.BundleException;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.bundle.TrustedKeys;
import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.Cascade;
import io.surprisal.detector.calibration.Scale;
import io.surprisal.detector.calibration.Stage;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.density.ExecutionProvider;
import io.surprisal.detector.density.FixedBatches;
import io.surprisal.detector.density.InferenceException;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.Placement;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.image.ImageDecoder;
import io.surprisal.detector.image.ImageLimits;
import io.surprisal.detector.image.UnreadableImageException;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.quantise.Quantiser;
import io.surprisal.detector.verdict.Decision;
import io.surprisal.detector.verdict.Judge;
import io.surprisal.detector.verdict.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Image files to verdicts. {@link #load} a bundle, {@link #examine} images, {@link #close} when done.
 *
 * <p>Safe for use by many threads at once; one thread a core gives the most images a second. Likelihood detectors fall
 * to an attacker who knows them and optimises against them; see the threat model of the project.
 */
public final class Detector implements AutoCloseable {

    private final Bundle bundle;
    private final DensityModel model;
    private final @Nullable DensityModel screen;
    private final DensityModel density;
    private final Placement placement;
    private final ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());
    private final Quantiser quantiser;
    private final Judge judge;
    private final Decision defaultDecision;

    private Detector(Bundle bundle, DensityModel model, @Nullable DensityModel screen, Placement placement) {
        this.bundle = bundle;
        this.model = model;
        this.screen = screen;
        this.placement = placement;
        this.quantiser = new Quantiser(model.shape(), model.levels());
        this.defaultDecision = Decision.defaultOf(bundle.calibration());
        if (screen == null) {
            this.judge = new Judge(bundle.calibration());
            this.density = model;
        } else {
            Cascade cascade = bundle.screen().orElseThrow().cascade();
            this.judge = new Judge(cascade);
            this.density = new ScreenedModel(cascade, screen, model);
        }
    }

    /**
     * A detector on the CPU with the default session.
     *
     * @param bundle a folder
     * @throws BundleException when it breaks the contract of a bundle, or ONNX Runtime cannot load its model
     */
    public static Detector load(Path bundle) {
        return load(bundle, SessionSettings.defaults());
    }

    /** As {@link #load(Path)}, with a session of these settings. */
    public static Detector load(Path folder, SessionSettings settings) {
        return load(folder, settings, TrustedKeys.none());
    }

    /** As {@link #load(Path)}, with a session of these settings, and one of the keys must have signed the bundle. */
    public static Detector load(Path folder, SessionSettings settings, TrustedKeys keys) {
        OnnxDensityModel.prepare();
        Bundle.Opened<OnnxDensityModel> opened =
                Bundle.open(folder, keys, (manifest, model) -> session("model.onnx", model, manifest, settings));
        Bundle bundle = opened.bundle();
        Placement placement = opened.model().placement();
        DensityModel model = batched(opened.model());
        DensityModel screen = null;
        try {
            if (bundle.screen().isPresent()) {
                byte[] onnx = bundle.screen().get().model();
                screen = batched(session("screen.onnx", onnx, bundle.manifest(), settings));
            }
            return of(bundle, model, screen, placement);
        } catch (RuntimeException | Error e) {
            model.close();
            if (screen != null) {
                screen.close();
            }
            throw e;
        }
    }

    private static OnnxDensityModel session(
            String file, byte[] model, BundleManifest manifest, SessionSettings settings) {
        try {
            return OnnxDensityModel.of(model, manifest.shape(), manifest.levels(), settings);
        } catch (InferenceException e) {
            throw new BundleException(file, "a model that can be run", "a fault: " + e.getMessage(), e);
        }
    }

    private static DensityModel batched(OnnxDensityModel model) {
        return model.placement().provider().onDevice() ? new FixedBatches(model) : model;
    }

    /** A detector on a density model of the caller's, which {@link #close} closes; without the bundle's screen, if it has one. */
    public static Detector of(Bundle bundle, DensityModel model) {
        return of(bundle, model, null, new Placement(ExecutionProvider.CPU, "the caller's model"));
    }

    private static Detector of(Bundle bundle, DensityModel model, @Nullable DensityModel screen, Placement placement) {
        BundleManifest manifest = bundle.manifest();
        if (!model.shape().equals(manifest.shape()) || model.levels() != manifest.levels()) {
            throw new IllegalArgumentException("expected a model for " + manifest.shape() + " with " + manifest.levels()
                    + " levels, found one for " + model.shape() + " with " + model.levels());
        }
        return new Detector(bundle, model, screen, placement);
    }

    public BundleManifest manifest() {
        return bundle.manifest();
    }

    /** What clean images score by the model alone, whether or not a screen decides with it. */
    public Calibration calibration() {
        return bundle.calibration();
    }

    /** What verdicts are ranked in: {@link #calibration()}, or where a screen decides with the model, places in the cascade. */
    public Calibration ranks() {
        return judge.calibration();
    }

    /** How a screen and the model decide together, where the bundle has a screen. */
    public Optional<Cascade> cascade() {
        return screen == null ? Optional.empty() : bundle.screen().map(Bundle.Screen::cascade);
    }

    /** Where the model runs. */
    public Placement placement() {
        return placement;
    }

    /** What decides when a caller does not say. */
    public Decision defaultDecision() {
        return defaultDecision;
    }

    /**
     * Whether a decision can be made with this bundle.
     *
     * @throws io.surprisal.detector.calibration.UnknownStatisticException when its statistic is not calibrated
     * @throws io.surprisal.detector.calibration.TooFewCleanImagesException when there are too few clean images for its
     *     rate, or a screen uses it up so that the model has no say
     */
    public void require(Decision decision) {
        ranks().of(decision.statistic()).requireRate(decision.falsePositiveRate());
        cascade().ifPresent(both -> both.requireRate(decision.statistic(), decision.falsePositiveRate()));
    }

    /**
     * Evaluates the golden images of the bundle; to be done before the first verdict.
     *
     * @throws BundleException when the model gives other numbers here than where it was made, or none
     */
    public void replayGolden() {
        try {
            bundle.golden().replay(model);
            if (screen != null) {
                bundle.screen().orElseThrow().golden().replay(screen);
            }
        } catch (InferenceException e) {
            throw new BundleException("golden images", "the model to evaluate them", "a fault: " + e.getMessage(), e);
        }
    }

    /** How many golden images there are; at least one. */
    public int goldenImages() {
        return bundle.golden().images().count();
    }

    /**
     * Decodes and quantises image files.
     *
     * @param encoded at least one PNG or JPEG file
     * @throws UnreadableImageException when one is no image that can be read, or not of the model's size and channels
     */
    public Levels read(List<byte[]> encoded) {
        return quantiser.quantise(encoded.stream().map(decoder::decode).toList());
    }

    /** Examines image files, one verdict each, by the {@linkplain #defaultDecision default decision}. */
    public List<Verdict> examine(List<byte[]> encoded) {
        return examine(encoded, defaultDecision);
    }

    /**
     * Examines image files, one verdict each, in order.
     *
     * @throws UnreadableImageException as {@link #read}
     * @throws InferenceException as {@link #evaluate}
     */
    public List<Verdict> examine(List<byte[]> encoded, Decision decision) {
        require(decision);
        return examine(read(encoded), decision);
    }

    /** Examines images that are quantised already. */
    public List<Verdict> examine(Levels images, Decision decision) {
        return judge(evaluate(images), decision);
    }

    /**
     * Runs the density model: the expensive half of {@link #examine}, and the half that may be shared by several
     * callers' images. Where the bundle has a screen, that is run first, and the model on what it is unsure of.
     *
     * @throws InferenceException when the model fails, or answers with a NaN or a positive log-probability
     */
    public Conditionals evaluate(Levels images) {
        return density.evaluate(images);
    }

    /**
     * Runs the model itself on every image, for who compares likelihoods of images with each other: those of a screen and of a model are
     * of two densities. As {@link #evaluate} where there is no screen. Not to be judged where there is one.
     *
     * @throws InferenceException as {@link #evaluate}
     */
    public Conditionals evaluateByModel(Levels images) {
        return model.evaluate(images);
    }

    /**
     * The score above which an image is flagged; in a cascade, one that the model was asked about, and infinite where all of those are
     * flagged or none.
     *
     * @throws io.surprisal.detector.calibration.UnknownStatisticException as {@link #require}
     * @throws io.surprisal.detector.calibration.TooFewCleanImagesException as {@link #require}
     */
    public double threshold(Decision decision) {
        Scale scale = screen == null ? Scale.IDENTITY : Stage.UNSURE;
        return scale.score(ranks().of(decision.statistic()).threshold(decision.falsePositiveRate()));
    }

    /** The place of each statistic of an image among the reference scores of {@link #ranks()}. */
    public double[] places(Conditionals conditionals, int image) {
        return judge.places(conditionals, image);
    }

    /** The cheap half: scores, ranks and verdicts. */
    public List<Verdict> judge(Conditionals conditionals, Decision decision) {
        return judge.judge(conditionals, decision);
    }

    @Override
    public void close() {
        density.close();
    }
}
