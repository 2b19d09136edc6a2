package io.surprisal.evaluation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.bundle.Bundle;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.bundle.BundleManifest.SplitBits;
import io.surprisal.detector.bundle.BundleManifest.TrainingData;
import io.surprisal.detector.bundle.BundleWriter;
import io.surprisal.detector.bundle.GoldenImages;
import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.CalibrationSource;
import io.surprisal.detector.calibration.Stage;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.statistic.Combined;
import io.surprisal.evaluation.report.EvaluationReport;
import io.surprisal.evaluation.report.EvaluationReport.AttackResult;
import io.surprisal.evaluation.report.EvaluationReport.Detection;
import io.surprisal.evaluation.report.EvaluationReport.FalsePositives;
import io.surprisal.evaluation.report.EvaluationReport.Subset;
import io.surprisal.evaluation.report.ReportJson;
import io.surprisal.training.bundle.Screening;
import io.surprisal.training.bundle.TrainedModel;
import io.surprisal.training.data.DataException;
import io.surprisal.training.data.ImageSet;
import io.surprisal.training.density.PixelCnn;
import io.surprisal.training.density.PixelCnnSettings;
import io.surprisal.training.fit.LearningCurve;
import io.surprisal.training.onnx.OnnxExport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cascade of two small networks with random weights, attacked by one who knows both. What can go wrong: an attacker who climbs other weights than the
 * bundle's, or does not get anywhere, so that the cascade looks strong.
 */
@TestInstance(Lifecycle.PER_CLASS)
class AdaptiveCascadeTest {
    private static final TinyBundle BUNDLE = TinyBundle.grey();
    private static final int EPSILON = 32;

    @TempDir
    static Path folder = Path.of("");

    private Path data = Path.of("");
    private Path cascade = Path.of("");

    @BeforeAll
    void makeCascadeAndData() throws IOException, DataException {
        data = TinyData.write(BUNDLE, 900, 400, folder.resolve("data"));
        Bundle model = bundle("model", 3);
        Bundle screen = bundle("screen", 4);
        bundle("other", 5);
        cascade = folder.resolve("both/1");
        Screening.write(
                model,
                screen,
                ImageSet.unlabelled("samples", BUNDLE.clean(2000, 7)),
                new Screening.Choice(Combined.NAME, 0.2, 0.005),
                cascade,
                "tests",
                1,
                done -> {});
    }

    /** A bundle, and its weights beside it. */
    private Bundle bundle(String name, long seed) throws IOException {
        PixelCnn network = new PixelCnn(BUNDLE.model().shape(), 256, new PixelCnnSettings(8, 1, 8));
        float[] weights = network.parameters().initial(seed);
        Random random = new Random(seed);
        for (int i = 0; i < weights.length; i++) {
            weights[i] += 0.1f * (float) random.nextGaussian();
        }
        Path weightsFolder = Files.createDirectories(folder.resolve(name + "-weights"));
        TrainedModel.Making making =
                new TrainedModel.Making("samples", "0".repeat(64), 1, 1, seed, null, false, "in a test");
        new TrainedModel(network, weights, LearningCurve.fromJson("[]"), making).write(weightsFolder);

        byte[] onnx = OnnxExport.model(network, weights, Map.of());
        Levels clean = BUNDLE.clean(400, 6);
        Path target = folder.resolve(name).resolve("1");
        try (OnnxDensityModel density =
                OnnxDensityModel.of(onnx, network.shape(), network.levels(), SessionSettings.defaults())) {
            BundleManifest manifest = new BundleManifest(
                    name,
                    "1",
                    network.family(),
                    network.hyperparameters(),
                    network.shape(),
                    network.levels(),
                    BundleManifest.RASTER,
                    new SplitBits(8, 8, 8),
                    new TrainingData("samples", "0".repeat(64)),
                    seed,
                    "tests",
                    Map.of());
            BundleWriter.write(
                    target,
                    manifest,
                    onnx,
                    Calibration.fit(density, clean, CalibrationSource.of("samples to fit to", clean)),
                    GoldenImages.of(density, BUNDLE.clean(3, 5)));
        }
        return Bundle.load(target);
    }

    private String weights(String name) {
        return folder.resolve(name + "-weights").resolve(TrainedModel.FILE).toString();
    }

    private record Run(int status, String err) {}

    private Run run(Path output, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("--model", cascade.toString(), "--data", data.toString(), "--threads", "1"));
        arguments.addAll(List.of("--work", folder.resolve("work").toString(), "--output", output.toString()));
        arguments.addAll(List.of("--images", "40", "--clean", "400", "--train", "50", "--epsilon", "" + EPSILON));
        arguments.addAll(List.of(more));
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
            int status = EvaluationMain.run(arguments.toArray(String[]::new));
            return new Run(status, errors.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static AttackResult attack(EvaluationReport report, String name) {
        return report.attacks().stream()
                .filter(a -> a.attack().equals(name) && a.region().equals("everywhere"))
                .findFirst()
                .orElseThrow();
    }

    private static double auroc(AttackResult attack) {
        Double area = attack.detections().stream()
                .filter(d -> d.subset() == Subset.SUCCESSFUL && d.statistic().equals(Combined.NAME))
                .findFirst()
                .map(Detection::auroc)
                .orElseThrow();
        return area == null ? Double.NaN : area;
    }

    @Test
    void whoKnowsBothDensitiesIsFoundLessThanWhoKnowsNeither() throws IOException {
        Path output = folder.resolve("report");
        Run run = run(
                output,
                "--adaptive",
                "40",
                "--adaptive-steps",
                "15",
                "--adaptive-against",
                Combined.NAME,
                "--weights",
                weights("model"),
                "--screen-weights",
                weights("screen"));
        assertThat(run.status()).as(run.err()).isZero();
        EvaluationReport report = ReportJson.read(output.resolve("report.json"));
        assertThat(report.model().screened()).isTrue();
        double unknowing = auroc(attack(report, "pgd"));
        for (String way : List.of("orthogonal-pgd", "penalty-pgd")) {
            AttackResult byScreen = attack(report, way + " against combined by way of the screen");
            AttackResult either = attack(report, way + " against combined either way");
            assertThat(either.successful()).isPositive();
            assertThat(auroc(byScreen)).as(way).isLessThan(unknowing);
            assertThat(auroc(either)).as(way).isLessThanOrEqualTo(auroc(byScreen));
        }

        // The report says whose score a threshold is: at 5 % the model's, at a rate of more than it sees the screen's.
        FalsePositives atFive = report.falsePositives().stream()
                .filter(f -> f.statistic().equals(Combined.NAME) && f.requested() == 0.05)
                .findFirst()
                .orElseThrow();
        assertThat(atFive.threshold().stage()).isEqualTo(Stage.UNSURE);
        assertThat(atFive.threshold().rank()).isBetween(80, 120);
        assertThat(Files.readString(output.resolve("false-positives.csv")))
                .startsWith("statistic,requested,references,rank,stage,threshold,")
                .contains(",unsure,");
        assertThat(Files.readString(output.resolve("report.html")))
                .contains("A screen decides with the model", " by the model</td>");
    }

    @Test
    void aRateBeyondWhatTheModelSeesHasAThresholdOfTheScreen() throws IOException {
        Path output = folder.resolve("rates");
        Run run = run(output, "--fpr", "0.3");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(ReportJson.read(output.resolve("report.json")).falsePositives())
                .isNotEmpty()
                .allSatisfy(f -> assertThat(f.threshold().stage()).isEqualTo(Stage.CLEARED));
        assertThat(Files.readString(output.resolve("report.html"))).contains(" by the screen, cleared</td>");
    }

    @Test
    void weightsThatAreNotTheBundlesAreRefused() {
        Path output = folder.resolve("none");
        assertThat(run(output, "--adaptive", "4", "--weights", weights("model")).err())
                .contains("expected the weights of the bundle's screen too (--screen-weights), found none");
        assertThat(run(output, "--adaptive", "4", "--weights", weights("other"), "--screen-weights", weights("screen"))
                        .err())
                .contains("expected the weights of the bundle's model, which gives an image");
        assertThat(run(output, "--adaptive", "4", "--weights", weights("model"), "--screen-weights", weights("other"))
                        .err())
                .contains("expected the weights of the bundle's screen, which gives an image");
        assertThat(output).doesNotExist();
    }

    @Test
    void aStatisticThatTheBundleDoesNotHaveIsRefused() {
        Run run = run(folder.resolve("none"), "--adaptive", "4", "--adaptive-against", "guesswork");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("guesswork");
    }
}
