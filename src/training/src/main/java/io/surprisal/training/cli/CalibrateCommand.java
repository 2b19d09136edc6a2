package io.surprisal.training.cli;

import io.surprisal.detector.Detector;
import io.surprisal.detector.cli.RatesInWords;
import io.surprisal.training.bundle.Recalibration;
import io.surprisal.training.data.DataFolder;
import io.surprisal.training.data.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./surprisal calibrate}: a bundle and clean images in, the same bundle with thresholds from those images out. */
@Command(
        name = "calibrate",
        mixinStandardHelpOptions = true,
        description = {
            "Replaces a bundle's calibration by one on the clean images given.",
            "With --from TABLE in place of --images: by what ./surprisal score --output wrote of any number of images (--from TABLE --help)."
        })
final class CalibrateCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            required = true,
            description = "the bundle's folder, or one with only model.onnx and bundle.json, made elsewhere")
    private Path model = Path.of("");

    @Option(
            names = "--images",
            required = true,
            description = "folder of clean PNG or JPEG files the model has not seen")
    private Path images = Path.of("");

    @Option(names = "--output", description = "folder of the new bundle (default: in place)")
    private @Nullable Path output;

    @Option(names = "--threads", description = "threads to evaluate images with (default: all cores)")
    private @Nullable Integer threads;

    @Override
    public Integer call() throws IOException {
        ImageSet clean = DataFolder.images(images);
        int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        Path target = output == null ? model : output;
        try (StepProgress progress = new StepProgress(System.out)) {
            Recalibration.write(model, clean, target, count, share -> progress.step("calibrating", share));
        }
        System.out.printf(Locale.ROOT, "%s: calibrated on %,d images of %s%n", target, clean.size(), images);
        try (Detector detector = Detector.load(target)) {
            RatesInWords.of(detector).forEach(System.out::println);
        }
        return 0;
    }
}
