package io.surprisal.training.cli;

import io.surprisal.detector.Detector;
import io.surprisal.detector.bundle.Bundle;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.calibration.CalibrationSource;
import io.surprisal.detector.calibration.Cascade;
import io.surprisal.detector.cli.RatesInWords;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.quantise.Quantiser;
import io.surprisal.detector.statistic.Combined;
import io.surprisal.training.bundle.Screening;
import io.surprisal.training.data.DataException;
import io.surprisal.training.data.DataFolder;
import io.surprisal.training.data.ImageSet;
import io.surprisal.training.data.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./surprisal cascade}: two bundles in, one out, in which the cheap model screens for the other. */
@Command(
        name = "cascade",
        mixinStandardHelpOptions = true,
        description =
                "Writes a bundle in which a cheap model reads every image, and another only those it is unsure of.")
final class CascadeCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--model", required = true, description = "the bundle that has the last word")
    private Path model = Path.of("");

    @Option(names = "--screen", required = true, description = "the bundle of the cheap model, for the same images")
    private Path screen = Path.of("");

    @Option(names = "--output", required = true, description = "folder of the new bundle, NAME/VERSION")
    private Path output = Path.of("");

    @ArgGroup(exclusive = true, multiplicity = "1")
    private CleanImages clean = new CleanImages();

    @Option(
            names = "--by",
            defaultValue = Combined.NAME,
            description = "the screen's statistic that chooses (default ${DEFAULT-VALUE})")
    private String statistic = Combined.NAME;

    @Option(
            names = "--passed",
            defaultValue = "0.15",
            description =
                    "share of clean images that the model shall see; larger than any false-positive rate in use (default ${DEFAULT-VALUE})")
    private double passed;

    @Option(
            names = "--flagged",
            defaultValue = "0",
            description =
                    "share of clean images that the screen shall flag by itself; smaller than any false-positive rate in use (default ${DEFAULT-VALUE})")
    private double flagged;

    @Option(names = "--threads", description = "threads to evaluate images with (default: all cores)")
    private @Nullable Integer threads;

    /** Where the clean images are from. */
    static final class CleanImages {
        @Option(names = "--images", description = "folder of clean PNG or JPEG files that neither model has seen")
        private @Nullable Path folder;

        @Option(
                names = "--data",
                description = "the data both were trained on: the images that both held out for their thresholds")
        private @Nullable Path data;
    }

    @Override
    public Integer call() throws IOException {
        Bundle large = Bundle.load(model);
        Bundle small = Bundle.load(screen);
        int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        Screening.Choice choice = new Screening.Choice(statistic, passed, flagged);
        ImageSet images = images(large, small);
        Cascade cascade;
        try (StepProgress progress = new StepProgress(System.out)) {
            cascade = Screening.write(
                    large,
                    small,
                    images,
                    choice,
                    output,
                    producer(),
                    count,
                    share -> progress.step("calibrating", share));
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %.1f %% of clean images go to the model, those of which %s of the screen is above %.3f; %.2f %% are flagged by the screen%n",
                output,
                100 * cascade.passed(),
                statistic,
                cascade.route().cleared(),
                100 * cascade.flagged());
        try (Detector detector = Detector.load(output)) {
            RatesInWords.of(detector).forEach(System.out::println);
            printSpeed(detector, images);
        }
        return 0;
    }

    private ImageSet images(Bundle large, Bundle small) throws IOException {
        if (clean.folder != null) {
            return DataFolder.images(clean.folder);
        }
        return heldOut(large, small, Objects.requireNonNull(clean.data, "picocli asks for one of the two"));
    }

    /** The calibration split, which has to be the same one in both bundles: what one has held out the other may have been trained on. */
    private ImageSet heldOut(Bundle large, Bundle small, Path data) throws IOException {
        CalibrationSource source = large.calibration().source();
        if (!source.sha256().equals(small.calibration().source().sha256())) {
            throw new DataException("expected two bundles calibrated on the same images, found " + source.name()
                    + " and " + small.calibration().source().name() + " with other hashes: train both with one "
                    + "--seed and one --calibration, or give --images that neither has seen");
        }
        DataFolder folder = DataFolder.open(data);
        // The last images of the shuffled set, whatever the size of the validation part before them.
        ImageSet split = Split.of(
                        folder.train(), 1, source.images(), large.manifest().seed())
                .calibration();
        BundleManifest manifest = large.manifest();
        String found = CalibrationSource.of(
                        split.name(), new Quantiser(manifest.shape(), manifest.levels()).quantise(split.images()))
                .sha256();
        if (!found.equals(source.sha256())) {
            throw new DataException("expected the data that " + model + " was trained on, with the calibration images "
                    + source.sha256() + ", found " + folder.name() + " with " + found);
        }
        return split;
    }

    private static void printSpeed(Detector detector, ImageSet images) {
        BundleManifest manifest = detector.manifest();
        Levels clean = new Quantiser(manifest.shape(), manifest.levels()).quantise(images.images());
        CascadeSpeed speed = CascadeSpeed.of(detector, clean);
        System.out.printf(
                Locale.ROOT,
                "clean images on one core: %.2f times as many verdicts as evaluations by the model alone (%.0f images/s)%n",
                speed.ratio(),
                speed.model());
    }

    private String producer() {
        List<String> arguments =
                spec == null ? List.of() : spec.commandLine().getParseResult().originalArgs();
        return "surprisal cascade " + String.join(" ", arguments);
    }
}
