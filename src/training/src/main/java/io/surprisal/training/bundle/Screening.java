package io.surprisal.training.bundle;

import io.surprisal.detector.bundle.Bundle;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.bundle.BundleWriter;
import io.surprisal.detector.bundle.GoldenImages;
import io.surprisal.detector.calibration.CalibrationSource;
import io.surprisal.detector.calibration.Cascade;
import io.surprisal.detector.calibration.CascadeFit;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.statistic.Statistic;
import io.surprisal.training.data.DataException;
import io.surprisal.training.data.ImageSet;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;

/** Two bundles for the same images to one in which the cheaper one screens for the other. */
public final class Screening {
    /** Conditionals of so many images are held at once, by both densities. */
    private static final int AT_ONCE = 256;

    private Screening() {}

    /**
     * How the screen chooses.
     *
     * @param statistic of the screen
     * @param passed the share of clean images that the model shall see, above 0
     * @param flagged the share of clean images that the screen shall flag by itself, 0 or more
     */
    public record Choice(String statistic, double passed, double flagged) {}

    /**
     * Writes the bundle.
     *
     * @param model the bundle whose model has the last word
     * @param screen the bundle whose model reads every image first
     * @param clean images that neither was trained on or fitted to; thresholds come from these
     * @param target its folder; the last two parts of the path are name and version
     * @throws DataException when the images are not of the models' shape
     * @throws IllegalArgumentException when the two bundles do not go together
     */
    public static Cascade write(
            Bundle model,
            Bundle screen,
            ImageSet clean,
            Choice choice,
            Path target,
            String producer,
            int threads,
            DoubleConsumer progress)
            throws DataException {
        BundleManifest manifest = model.manifest();
        requireSameImages(manifest, screen.manifest());
        return write(
                model,
                new Parts(screen.model(), screen.calibration().statistics(), model.golden()),
                clean,
                choice,
                target,
                manifest(manifest, screen.manifest(), target, producer),
                threads,
                progress);
    }

    /** Writes a bundle that has a screen with a new calibration of both; the screen goes on seeing the same shares of clean images. */
    static void renew(Bundle bundle, ImageSet clean, Path target, int threads, DoubleConsumer progress)
            throws DataException {
        Bundle.Screen screen = bundle.screen().orElseThrow();
        Cascade before = screen.cascade();
        List<Statistic> statistics =
                before.scores().stream().map(Cascade.StageScores::statistic).toList();
        write(
                bundle,
                new Parts(screen.model(), statistics, screen.golden()),
                clean,
                new Choice(
                        before.route().statistic(),
                        before.route().passed(),
                        before.route().flagged()),
                target,
                bundle.manifest(),
                threads,
                progress);
    }

    /**
     * What a screen is made of.
     *
     * @param golden whose images the screen is to be tried on
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    private record Parts(byte[] model, List<Statistic> statistics, GoldenImages golden) {}

    private static Cascade write(
            Bundle model,
            Parts screen,
            ImageSet clean,
            Choice choice,
            Path target,
            BundleManifest manifest,
            int threads,
            DoubleConsumer progress)
            throws DataException {
        Levels images = Recalibration.quantised(manifest, clean);
        try (OnnxDensityModel large = Recalibration.open(manifest, model.model());
                OnnxDensityModel small = Recalibration.open(manifest, screen.model())) {
            CascadeFit fit = new CascadeFit(model.calibration(), screen.statistics());
            Evaluations byModel = new Evaluations(large, threads);
            Evaluations byScreen = new Evaluations(small, threads);
            for (int from = 0; from < images.count(); from += AT_ONCE) {
                Levels part = images.slice(from, Math.min(images.count(), from + AT_ONCE));
                List<Conditionals> screened = byScreen.of(part, share -> {});
                List<Conditionals> modelled = byModel.of(part, share -> {});
                for (int batch = 0; batch < screened.size(); batch++) {
                    fit.add(screened.get(batch), modelled.get(batch));
                }
                progress.accept((from + part.count()) / (double) images.count());
            }
            Cascade cascade = fit.cascade(
                    CalibrationSource.of(clean.name(), images), choice.statistic(), choice.passed(), choice.flagged());
            GoldenImages golden = GoldenImages.of(small, screen.golden().images());
            BundleWriter.write(
                    target,
                    manifest,
                    model.model(),
                    model.golden(),
                    new Bundle.Screen(screen.model(), cascade, golden));
            return cascade;
        }
    }

    private static void requireSameImages(BundleManifest model, BundleManifest screen) {
        if (!model.shape().equals(screen.shape()) || model.levels() != screen.levels()) {
            throw new IllegalArgumentException("expected a screen for " + model.shape() + " images with "
                    + model.levels() + " levels, as the model takes, found one for " + screen.shape() + " with "
                    + screen.levels());
        }
    }

    private static BundleManifest manifest(BundleManifest model, BundleManifest screen, Path target, String producer) {
        Map<String, Object> hyperparameters = new LinkedHashMap<>(model.hyperparameters());
        Map<String, Object> of = new LinkedHashMap<>();
        of.put("name", screen.name());
        of.put("version", screen.version());
        of.put("family", screen.family());
        of.putAll(screen.hyperparameters());
        hyperparameters.put("screen", of);
        Path absolute = target.toAbsolutePath().normalize();
        return new BundleManifest(
                String.valueOf(absolute.getName(absolute.getNameCount() - 2)),
                String.valueOf(absolute.getFileName()),
                model.family(),
                hyperparameters,
                model.shape(),
                model.levels(),
                model.dimensionOrder(),
                model.bitsPerDimension(),
                model.data(),
                model.seed(),
                producer,
                Map.of());
    }
}
