package io.surprisal.training.cli;

import io.surprisal.training.bundle.Export;
import io.surprisal.training.bundle.TrainedBackground;
import io.surprisal.training.bundle.TrainedModel;
import io.surprisal.training.data.DataFolder;
import io.surprisal.training.onnx.Int8;
import io.surprisal.training.onnx.LikelihoodShift;
import io.surprisal.training.onnx.ModelPrecision;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./surprisal export}: the weights of a run in, a bundle out. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Writes a bundle from trained weights: ONNX, calibration, golden images, model card.")
final class ExportCommand implements Callable<Integer> {
    @Option(
            names = "--run",
            required = true,
            description = "the folder with weights.safetensors: of a run, or a bundle that has them")
    private Path run = Path.of("");

    @Option(names = "--data", required = true, description = "the data the model was trained on")
    private Path data = Path.of("");

    @Option(
            names = "--output",
            required = true,
            description = "the bundle's folder, for example models/fashion-mnist/1")
    private Path output = Path.of("");

    @Option(
            names = "--precision",
            defaultValue = "fp32",
            description =
                    "fp32 or int8 convolutions (default ${DEFAULT-VALUE}); thresholds are those of the model that is exported")
    private ModelPrecision precision = ModelPrecision.FP32;

    @Option(
            names = "--background",
            description =
                    "weights.safetensors of train --disturbed: the bundle also gives the likelihood ratio of disturbed to clean images (default: what the"
                            + " folder of --run has, or none)")
    private @Nullable Path background;

    @Option(
            names = "--background-twin",
            description =
                    "weights.safetensors of a model of clean images to compare the background with, of the same make (default: the model itself)")
    private @Nullable Path twin;

    @Option(names = "--threads", description = "threads to evaluate images with (default: all cores)")
    private @Nullable Integer threads;

    @Override
    public Integer call() throws IOException {
        int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        TrainedModel trained = TrainedModel.read(run.resolve(TrainedModel.FILE));
        write(trained, background(), DataFolder.open(data), output, precision, count, System.out);
        return 0;
    }

    private @Nullable TrainedBackground background() throws IOException {
        if (background == null) {
            if (twin != null) {
                throw new IllegalArgumentException("expected --background with --background-twin, found none");
            }
            return TrainedBackground.of(run);
        }
        return new TrainedBackground(TrainedModel.read(background), twin == null ? null : TrainedModel.read(twin));
    }

    static void write(
            TrainedModel trained,
            @Nullable TrainedBackground background,
            DataFolder data,
            Path output,
            ModelPrecision precision,
            int threads,
            PrintStream out)
            throws IOException {
        Export.Summary summary;
        try (StepProgress progress = new StepProgress(out)) {
            summary = new Export(trained, background, precision, threads, progress::step).write(data, output);
        }
        out.printf(
                Locale.ROOT,
                "%s: %.4f bits/dim on train, %.4f on validation, %.4f on test (%.2f nats an image); libtorch and ONNX Runtime within %.1e nats; %,d bytes%n",
                output,
                summary.bitsPerDimension().train(),
                summary.bitsPerDimension().validation(),
                summary.bitsPerDimension().test(),
                summary.natsPerImage(summary.bitsPerDimension().test()),
                summary.parity().largestNats(),
                summary.modelBytes());
        Int8 int8 = summary.int8();
        if (int8 != null) {
            LikelihoodShift shift = int8.shift();
            out.printf(
                    Locale.ROOT,
                    "int8: %d of %d convolutions; shift from fp32 %+.3f nats an image, root mean square %.3f, at most %.3f (%d images)%n",
                    int8.quantised(),
                    int8.convolutions(),
                    shift.meanNats(),
                    shift.rootMeanSquareNats(),
                    shift.largestNats(),
                    shift.images());
        }
    }
}
