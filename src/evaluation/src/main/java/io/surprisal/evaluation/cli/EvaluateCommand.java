package io.surprisal.evaluation.cli;

import static io.surprisal.training.classifier.ClassifierArchitecture.POOLED;
import static io.surprisal.training.classifier.ClassifierArchitecture.STRIDED;

import io.surprisal.detector.Detector;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.statistic.BitsPerDimension;
import io.surprisal.detector.statistic.Combined;
import io.surprisal.detector.statistic.TwoSidedStandardisedSurprisal;
import io.surprisal.evaluation.protocol.Classifiers;
import io.surprisal.evaluation.protocol.Evaluation;
import io.surprisal.evaluation.protocol.EvaluationData;
import io.surprisal.evaluation.protocol.EvaluationOutcome;
import io.surprisal.evaluation.protocol.EvaluationPlan;
import io.surprisal.evaluation.protocol.KnownDensities;
import io.surprisal.evaluation.report.ConsoleTables;
import io.surprisal.evaluation.report.HistogramPicture;
import io.surprisal.evaluation.report.ReportCsv;
import io.surprisal.evaluation.report.ReportJson;
import io.surprisal.evaluation.report.ReportPage;
import io.surprisal.evaluation.report.RocPicture;
import io.surprisal.training.bundle.TrainedBackground;
import io.surprisal.training.bundle.TrainedModel;
import io.surprisal.training.classifier.Classifier;
import io.surprisal.training.classifier.ClassifierArchitecture;
import io.surprisal.training.classifier.ClassifierFile;
import io.surprisal.training.classifier.ClassifierPlan;
import io.surprisal.training.data.DataFolder;
import io.surprisal.training.data.ImageSet;
import io.surprisal.training.density.DifferentiableScores;
import io.surprisal.training.density.FittedNetwork;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./surprisal evaluate}: a bundle and a labelled data set in, a detection report out. */
@Command(
        name = "surprisal evaluate",
        mixinStandardHelpOptions = true,
        description = "Attacks a classifier trained on the spot and reports what the detector sees of it.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:the report was written", "2:an error; the message says which"})
public final class EvaluateCommand implements Callable<Integer> {
    private static final List<String> ADAPTIVE_AGAINST =
            List.of(Combined.NAME, TwoSidedStandardisedSurprisal.NAME, BitsPerDimension.NAME);

    @Option(
            names = "--model",
            required = true,
            description = "folder of the bundle, for example models/fashion-mnist/1")
    private Path model = Path.of("");

    @Option(
            names = "--data",
            required = true,
            description = "folder of a labelled data set: IDX files or CIFAR records")
    private Path data = Path.of("");

    @Option(names = "--output", description = "folder of the report (default runs/evaluation/<model>-<version>)")
    private @Nullable Path output;

    @Option(
            names = "--work",
            defaultValue = "runs/classifiers",
            description = "folder where trained classifiers are kept (default ${DEFAULT-VALUE})")
    private Path work = Path.of("");

    @Option(names = "--images", defaultValue = "2000", description = "test images to attack (default ${DEFAULT-VALUE})")
    private int images;

    @Option(names = "--clean", defaultValue = "10000", description = "clean test images (default ${DEFAULT-VALUE})")
    private int clean;

    @Option(
            names = "--train",
            defaultValue = "2000",
            description = "training images to compare (default ${DEFAULT-VALUE})")
    private int train;

    @Option(
            names = "--epsilon",
            split = ",",
            defaultValue = "2,4,8,16",
            description = "sizes of the attacks in levels (default ${DEFAULT-VALUE})")
    private List<Integer> epsilons = List.of();

    @Option(
            names = "--fpr",
            split = ",",
            defaultValue = "0.01,0.05",
            description = "false-positive rates to test at (default ${DEFAULT-VALUE})")
    private List<Double> falsePositiveRates = List.of();

    @Option(
            names = "--attacks",
            defaultValue = "standard",
            description =
                    "standard: sign attacks and noise; full: all there are, and controls (default ${DEFAULT-VALUE})")
    private EvaluationPlan.Suite suite = EvaluationPlan.Suite.STANDARD;

    @Option(
            names = "--adaptive",
            defaultValue = "0",
            description = "images to attack with knowledge of the detector and its weights (default ${DEFAULT-VALUE})")
    private int adaptive;

    @Option(
            names = "--adaptive-steps",
            defaultValue = "50",
            description = "steps of an adaptive attack (default ${DEFAULT-VALUE})")
    private int adaptiveSteps;

    @Option(
            names = "--adaptive-against",
            split = ",",
            description = "statistics that decide when those are made (default " + Combined.NAME + ","
                    + TwoSidedStandardisedSurprisal.NAME + "," + BitsPerDimension.NAME
                    + ", those of them that the bundle has)")
    private @Nullable List<String> adaptiveAgainst;

    @Option(
            names = "--weights",
            description = "weights of the model, for --adaptive (default: weights.safetensors of the bundle)")
    private @Nullable Path weights;

    @Option(
            names = "--screen-weights",
            description =
                    "weights of the screen, for --adaptive on a bundle with one: the weights.safetensors it was made of")
    private @Nullable Path screenWeights;

    @Option(
            names = "--ood",
            split = ",",
            description = "folders of other data sets, whose test images are shown to the detector")
    private List<Path> others = List.of();

    @Option(names = "--pgd-steps", defaultValue = "10", description = "steps of PGD (default ${DEFAULT-VALUE})")
    private int pgdSteps;

    @Option(
            names = "--epochs",
            defaultValue = "4",
            description = "of the classifier's training (default ${DEFAULT-VALUE})")
    private int epochs;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "of classifier, choice of images, attacks (default ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--threads", description = "(default: all cores)")
    private @Nullable Integer threads;

    @Override
    public Integer call() throws IOException {
        PrintStream out = System.out;
        int cores = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        EvaluationPlan plan = new EvaluationPlan(
                images,
                Math.max(clean, images),
                train,
                epsilons,
                pgdSteps,
                falsePositiveRates,
                cores,
                seed,
                suite,
                adaptive,
                adaptiveSteps,
                adaptiveAgainst == null ? ADAPTIVE_AGAINST : adaptiveAgainst);
        try (Detector detector = Detector.load(model);
                ConsoleProgress progress = new ConsoleProgress(out, System.console() != null)) {
            if (adaptiveAgainst != null) {
                adaptiveAgainst.forEach(detector.calibration()::statistic);
            }
            KnownDensities densities = densities();
            detector.replayGolden();
            Evaluation evaluation = new Evaluation(detector, plan, progress);
            BundleManifest manifest = detector.manifest();
            EvaluationData chosen = EvaluationData.choose(
                    DataFolder.open(data),
                    manifest.shape(),
                    detector.calibration().source(),
                    manifest.seed(),
                    plan);
            List<ImageSet> sets = new ArrayList<>();
            for (Path folder : others) {
                sets.add(DataFolder.testImages(folder));
            }
            chosen = chosen.withOthers(sets);
            EvaluationOutcome outcome;
            boolean transfer = suite == EvaluationPlan.Suite.FULL;
            try (Classifier classifier = classifier("classifier", POOLED, seed, chosen, progress);
                    Classifier surrogate =
                            transfer ? classifier("surrogate", STRIDED, seed + 1, chosen, progress) : null) {
                Classifiers.Seeded other = surrogate == null ? null : new Classifiers.Seeded(surrogate, seed + 1);
                Classifiers both = new Classifiers(new Classifiers.Seeded(classifier, seed), other);
                outcome = evaluation.run(chosen, both, densities);
            }
            progress.close();
            ConsoleTables.print(outcome.report(), out);
            Path folder = output == null ? defaultOutput(manifest) : output;
            write(outcome, folder);
            out.println();
            out.println("report: " + folder.resolve("report.html"));
        }
        return 0;
    }

    private @Nullable KnownDensities densities() throws IOException {
        if (adaptive == 0) {
            return null;
        }
        return new KnownDensities(
                density(weights == null ? model.resolve(TrainedModel.FILE) : weights, TrainedBackground.of(model)),
                screenWeights == null ? null : density(screenWeights, null));
    }

    /** @param background of the bundle's likelihood ratio, where it has one */
    private static DifferentiableScores density(Path file, @Nullable TrainedBackground background) throws IOException {
        FittedNetwork density = TrainedModel.read(file).fitted();
        return new DifferentiableScores(density, background == null ? null : background.beside(density));
    }

    private Classifier classifier(
            String name,
            ClassifierArchitecture architecture,
            long seed,
            EvaluationData chosen,
            ConsoleProgress progress)
            throws IOException {
        ClassifierPlan defaults = ClassifierPlan.defaults(seed);
        ClassifierPlan plan = new ClassifierPlan(architecture, epochs, defaults.batch(), defaults.learningRate(), seed);
        long[] before = {0};
        return new ClassifierFile(work).readOrTrain(chosen.classifierTraining(), plan, (done, of, loss) -> {
            if (before[0] == 0) {
                progress.begin(name, of);
            }
            progress.advance(done - before[0]);
            before[0] = done;
        });
    }

    private static Path defaultOutput(BundleManifest manifest) {
        return Path.of("runs", "evaluation", manifest.name() + "-" + manifest.version());
    }

    private static void write(EvaluationOutcome outcome, Path folder) throws IOException {
        Files.createDirectories(folder);
        ReportJson.write(outcome.report(), folder.resolve("report.json"));
        ReportCsv.write(outcome.report(), folder);
        Path histograms = folder.resolve("bits-per-dimension.png");
        Path curves = folder.resolve("roc.png");
        HistogramPicture.write(outcome.train(), outcome.clean(), outcome.attacked(), histograms);
        RocPicture.write(outcome.clean(), outcome.attacked(), curves);
        ReportPage.write(
                outcome.report(),
                histograms,
                curves,
                outcome.examples(),
                outcome.attacked(),
                folder.resolve("report.html"));
    }
}
