package io.surprisal.training.cli;

import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.bundle.TrainedModel;
import io.surprisal.training.data.DataFolder;
import io.surprisal.training.data.Reduction;
import io.surprisal.training.data.Split;
import io.surprisal.training.density.AutoregressiveNetwork;
import io.surprisal.training.density.Families;
import io.surprisal.training.fit.Trainer;
import io.surprisal.training.fit.TrainingImages;
import io.surprisal.training.fit.TrainingPlan;
import io.surprisal.training.fit.TrainingPlan.Precision;
import io.surprisal.training.onnx.ModelPrecision;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./surprisal train}: data in, a run folder with checkpoint, curve and weights out, and from these a bundle. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        modelTransformer = FamilyOptions.class,
        description = "Trains a density model by maximum likelihood and writes a bundle. Run again to resume.")
final class TrainCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            required = true,
            description = "folder of IDX files, CIFAR records, or train/ and test/ images")
    private Path data = Path.of("");

    @Option(
            names = "--output",
            required = true,
            description = "the bundle's folder, for example models/fashion-mnist/1")
    private Path output = Path.of("");

    @Option(
            names = "--from",
            description = "weights.safetensors to start from, of a network of the same size (default: random weights)")
    private @Nullable Path from;

    @Option(names = "--run", description = "folder of checkpoints (default runs/<name>-<version>)")
    private @Nullable Path run;

    @Option(
            names = "--family",
            defaultValue = "gated-pixelcnn",
            description = "network family (default ${DEFAULT-VALUE})")
    private String family = "";

    @Option(
            names = "--levels",
            description = "grey levels 2 to 256; pixels are rounded to them (default: 256, or 2 with --binarise)")
    private @Nullable Integer levels;

    @Option(
            names = "--binarise",
            paramLabel = "<rule>",
            description =
                    "make two levels: dynamic or static (a pixel is 1 with the probability of its brightness, drawn anew in"
                            + " every step or once), or threshold (from 128 on, as the detector does)")
    private @Nullable String binarise;

    @Option(
            names = "--disturbed",
            description =
                    "fit to images to which something has happened (noise, a square, single pixels): the background of a likelihood"
                            + " ratio, for export --background")
    private boolean disturbed;

    @Option(
            names = "--epochs",
            defaultValue = "12",
            description = "passes over the training images (default ${DEFAULT-VALUE})")
    private double epochs;

    @Option(names = "--minutes", description = "stop after this much training time instead; resumed parts add up")
    private @Nullable Double minutes;

    @Option(names = "--batch", defaultValue = "32", description = "images a step (default ${DEFAULT-VALUE})")
    private int batch;

    @Option(names = "--learning-rate", defaultValue = "0.008", description = "peak rate (default ${DEFAULT-VALUE})")
    private double learningRate;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "of weights, order and split (default ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--threads", description = "libtorch threads (default: all cores)")
    private @Nullable Integer threads;

    @Option(
            names = "--precision",
            defaultValue = "fp32",
            description = "fp32 or bf16 convolutions (default ${DEFAULT-VALUE})")
    private Precision precision = Precision.FP32;

    @Option(
            names = "--validation",
            defaultValue = "2000",
            description = "images held out for early stopping (default ${DEFAULT-VALUE})")
    private int validation;

    @Option(
            names = "--calibration",
            defaultValue = "10000",
            description = "images held out for thresholds (default ${DEFAULT-VALUE})")
    private int calibration;

    @Option(
            names = "--validate-every",
            defaultValue = "500",
            description = "steps between points of the curve (default ${DEFAULT-VALUE})")
    private int validateEvery;

    @Option(
            names = "--patience",
            defaultValue = "12",
            description = "points without improvement before stopping (default ${DEFAULT-VALUE})")
    private int patience;

    @Option(
            names = "--dry-run",
            description = "print the size of the network, time a few steps and the untrained model, and stop")
    private boolean dryRun;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintStream out = System.out;
        DataFolder folder = DataFolder.open(data);
        Reduction clean = Reduction.of(levels != null ? levels : binarise == null ? 256 : 2, binarise);
        Reduction reduction = disturbed ? clean.disturbed() : clean;
        AutoregressiveNetwork network = network(folder, reduction.levels());
        Split split = Split.of(folder.train(), validation, calibration, seed);
        describe(out, network, folder, split);
        Levels measured = reduction.measured(split.validation().images(), seed);
        TrainingImages training = new TrainingImages(
                reduction.kept(split.training().images(), seed),
                split.training().labels(),
                reduction::seen);
        Path runFolder = runFolder();
        TrainedModel.Making making = new TrainedModel.Making(
                folder.name(), folder.train().sha256(), validation, calibration, seed, binarise, disturbed, command());
        TrainedModel trained;
        try (ConsoleReport report =
                new ConsoleReport(out, System.console() != null, network.shape().dimensions())) {
            Trainer trainer = trainer(network, runFolder, report);
            if (dryRun) {
                new DryRun(network, plan()).print(trainer, training, measured, out);
                return 0;
            }
            Files.createDirectories(runFolder);
            Interrupt interrupt = Interrupt.onShutdown();
            Trainer.Outcome outcome = trainer.train(
                    training,
                    measured,
                    reduction.levels() == 256 && !disturbed
                            ? making.dataSha256()
                            : making.dataSha256() + " " + reduction,
                    interrupt::requested);
            Files.writeString(
                    runFolder.resolve("curve.csv"),
                    outcome.curve().toCsv(network.shape().dimensions()));
            if (!outcome.finished()) {
                out.println("interrupted; run the same command again to go on from " + runFolder);
                interrupt.done();
                return 130;
            }
            trained = new TrainedModel(network, outcome.weights(), outcome.curve(), making);
            trained.write(runFolder);
            interrupt.done();
        }
        ExportCommand.write(trained, null, folder, output, ModelPrecision.FP32, threads(), out);
        return 0;
    }

    private void describe(PrintStream out, AutoregressiveNetwork network, DataFolder folder, Split split) {
        out.printf(
                Locale.ROOT,
                "%s: %,d parameters, %s, %d levels%n",
                family,
                network.parameters().size(),
                network.shape(),
                network.levels());
        out.printf(
                Locale.ROOT,
                "%s: %,d images to train on, %,d to validate, %,d to calibrate%n",
                folder.name(),
                split.training().size(),
                split.validation().size(),
                split.calibration().size());
    }

    private AutoregressiveNetwork network(DataFolder folder, int count) {
        return Families.of(family)
                .parse(
                        folder.train().images().shape(),
                        count,
                        FamilyOptions.given(spec.commandLine().getParseResult()));
    }

    private Trainer trainer(AutoregressiveNetwork network, Path runFolder, ConsoleReport report) throws IOException {
        if (from == null) {
            return new Trainer(network, plan(), runFolder, report);
        }
        TrainedModel given = TrainedModel.read(from);
        AutoregressiveNetwork found = given.network();
        if (!found.family().equals(network.family())
                || !found.hyperparameters().equals(network.hyperparameters())
                || !found.shape().equals(network.shape())
                || found.levels() != network.levels()) {
            throw new IllegalArgumentException(
                    "--from: expected weights of " + describe(network) + ", found " + describe(found));
        }
        return new Trainer(network, plan(), given.weights(), runFolder, report);
    }

    private static String describe(AutoregressiveNetwork network) {
        return network.family() + " " + network.hyperparameters() + ", " + network.shape() + ", " + network.levels()
                + " levels";
    }

    private TrainingPlan plan() {
        return new TrainingPlan(
                epochs,
                minutes == null ? OptionalDouble.empty() : OptionalDouble.of(minutes),
                batch,
                learningRate,
                100,
                1.0,
                0.998,
                validateEvery,
                patience,
                precision,
                threads(),
                seed);
    }

    private int threads() {
        return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    }

    private Path runFolder() {
        if (run != null) {
            return run;
        }
        Path bundle = output.toAbsolutePath().normalize();
        Path parent = bundle.getParent();
        String name = parent == null ? "model" : String.valueOf(parent.getFileName());
        return Path.of("runs", name + "-" + bundle.getFileName());
    }

    private String command() {
        return String.join(" ", spec.commandLine().getParseResult().originalArgs());
    }
}
