package io.surprisal.evaluation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.surprisal.detector.TinyBundle;
import io.surprisal.evaluation.report.EvaluationReport;
import io.surprisal.evaluation.report.EvaluationReport.AttackResult;
import io.surprisal.evaluation.report.EvaluationReport.Detection;
import io.surprisal.evaluation.report.EvaluationReport.FalsePositives;
import io.surprisal.evaluation.report.EvaluationReport.Subset;
import io.surprisal.evaluation.report.ReportJson;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The whole evaluation, on images that the test makes itself, as a user runs it. */
@TestInstance(Lifecycle.PER_CLASS)
class EvaluateCommandTest {
    @TempDir
    static Path folder = Path.of("");

    private Path model = Path.of("");
    private Path data = Path.of("");

    private record Run(int status, String out, String err) {}

    @BeforeAll
    void makeBundleAndData() throws IOException {
        model = TinyBundle.grey().write(folder.resolve("tiny"));
        data = TinyData.write(TinyBundle.grey(), 900, 400, folder.resolve("data"));
    }

    private Run run(String... more) {
        List<String> arguments = new ArrayList<>(List.of("--model", model.toString(), "--data", data.toString()));
        arguments.addAll(List.of("--threads", "1"));
        if (!Arrays.asList(more).contains("--work")) {
            arguments.addAll(List.of("--work", folder.resolve("work").toString()));
        }
        arguments.addAll(List.of("--images", "60", "--clean", "400", "--train", "200", "--epochs", "4"));
        arguments.addAll(Arrays.asList(more));
        return runWith(arguments.toArray(String[]::new));
    }

    private static Run runWith(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
            int status = EvaluationMain.run(arguments);
            return new Run(
                    status, outBytes.toString(StandardCharsets.UTF_8), errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @Test
    void anEvaluationLeavesAReportWithEveryAttackAndStatistic() throws IOException {
        Path output = folder.resolve("report");
        Run run = run("--epsilon", "4,32", "--output", output.toString());
        assertThat(run.status()).as(run.err()).isZero();
        EvaluationReport report = ReportJson.read(output.resolve("report.json"));

        assertThat(report.attacks()).hasSize(3 * 2 * 2);
        assertThat(report.attacks()).allSatisfy(a -> assertThat(a.detections()).hasSize(14 * 2));
        assertThat(report.falsePositives()).hasSize(14 * 2);
        assertThat(report.bitsPerDimension()).hasSize(2 + 12);
        assertThat(report.classifier().accuracy()).isGreaterThan(0.8);
        assertThat(report.calibration().reproduced()).isFalse();
        assertThat(report.classifier().surrogate()).isNull();
        assertThat(report.model().screened()).isFalse();
        assertThat(report.falsePositives())
                .allSatisfy(f -> assertThat(f.threshold().stage()).isNull());
        // Test images are drawn from the very model that was calibrated: nothing but chance moves the rate.
        assertThat(report.falsePositives()).allSatisfy(EvaluateCommandTest::isAsExpectedOfASoundTest);

        assertThat(run.out())
                .contains("Detection by combined", "False positives on clean test images")
                .contains(output.resolve("report.html").toString());
        for (String name : List.of("bits-per-dimension.png", "roc.png")) {
            BufferedImage picture = ImageIO.read(output.resolve(name).toFile());
            assertThat(picture.getWidth()).as(name).isGreaterThan(500);
        }
        assertThat(Files.readString(output.resolve("report.html")))
                .contains("Evaluation of tiny-grey 1", "data:image/png;base64,", "fgsm, ε = 32, foreground");
    }

    private static void isAsExpectedOfASoundTest(FalsePositives f) {
        assertThat(f.images()).isEqualTo(400);
        assertThat(f.reachable().contains(f.reached()))
                .as("%s at %s: %s in %s", f.statistic(), f.requested(), f.reached(), f.reachable())
                .isTrue();
    }

    @Test
    void largePerturbationsAreMoreSurprisingThanSmallOnesAndThanNone() throws IOException {
        Path output = folder.resolve("sizes");
        Run run = run("--epsilon", "4,64", "--output", output.toString());
        assertThat(run.status()).as(run.err()).isZero();
        EvaluationReport report = ReportJson.read(output.resolve("report.json"));
        double clean = report.bitsPerDimension().get(1).mean();
        AttackResult small = attack(report, "fgsm", 4);
        AttackResult large = attack(report, "fgsm", 64);
        assertThat(large.meanBitsPerDimension()).isGreaterThan(clean + 0.3);
        assertThat(large.meanBitsPerDimension()).isGreaterThan(small.meanBitsPerDimension());
        assertThat(large.successful()).isGreaterThan(small.successful());
        Detection found = large.detections().stream()
                .filter(d -> d.subset() == Subset.ALL && d.statistic().equals("standardised-surprisal"))
                .findFirst()
                .orElseThrow();
        assertThat(found.auroc()).isGreaterThan(0.9);
    }

    @Test
    void theFullSuiteHasEveryAttackAndControlAndWhatIsNoOtherDataIsNotToldApart() throws IOException {
        Path output = folder.resolve("full");
        Run run = run("--attacks", "full", "--epsilon", "16", "--ood", data.toString(), "--output", output.toString());
        assertThat(run.status()).as(run.err()).isZero();
        EvaluationReport report = ReportJson.read(output.resolve("report.json"));
        assertThat(report.attacks().stream().map(AttackResult::attack))
                .contains(
                        "bim",
                        "mi-fgsm",
                        "transfer-mi-fgsm",
                        "apgd-ce",
                        "square",
                        "deepfool",
                        "carlini-wagner",
                        "hop-skip-jump",
                        "pgd-l2",
                        "patch",
                        "few-pixels",
                        "gaussian-noise",
                        "blur",
                        "brightness",
                        "contrast",
                        "rotation",
                        "jpeg",
                        "data");
        assertThat(report.classifier().surrogate()).isNotNull();
        assertThat(attack(report, "transfer-mi-fgsm", 16).successful()).isPositive();
        assertThat(Files.readString(output.resolve("report.html")))
                .contains("transfer-mi-fgsm, ε = 16, everywhere", "made against another classifier");
        // The test images of the data set itself, called another: 60 of them against all 400.
        Detection same = report.attacks().getLast().detections().stream()
                .filter(d -> d.subset() == Subset.ALL && d.statistic().equals("combined"))
                .findFirst()
                .orElseThrow();
        assertThat(same.images()).isEqualTo(60);
        assertThat(same.auroc()).isBetween(0.3, 0.7);
        assertThat(report.attacks().getLast().successRate()).isNull();
    }

    private static AttackResult attack(EvaluationReport report, String name, int epsilon) {
        return report.attacks().stream()
                .filter(a -> a.attack().equals(name)
                        && a.budget().equals("ε = " + epsilon)
                        && a.region().equals("everywhere"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theSameSeedGivesTheSameReport() throws IOException {
        Path one = folder.resolve("one");
        Path other = folder.resolve("other");
        assertThat(run("--epsilon", "8", "--output", one.toString()).status()).isZero();
        assertThat(run("--epsilon", "8", "--output", other.toString()).status()).isZero();
        assertThat(Files.readString(other.resolve("report.csv")))
                .isEqualTo(Files.readString(one.resolve("report.csv")));
    }

    @Test
    void aRateThatTheBundleCannotTestIsRefusedWithTheNumberOfImagesItNeeds() {
        Run run = run("--fpr", "0.0001");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("needs at least 9999 clean reference scores");
    }

    @Test
    void anEpsilonOfNothingIsRefusedBeforeAnythingIsTrained() {
        Run run = run("--epsilon", "0", "--work", folder.resolve("untouched").toString());
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("expected ε from 1 to 255 levels, found 0");
        assertThat(folder.resolve("untouched")).doesNotExist();
    }

    @Test
    void missingDataIsSaidInOneLine() {
        Run run = runWith(
                "--model", model.toString(), "--data", folder.resolve("nothing").toString());
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .contains("expected a folder with a data set, found nothing")
                .doesNotContain("\tat ");
    }

    @Test
    void aMissingOptionIsAnErrorToo() {
        assertThat(runWith("--model", model.toString()).status()).isEqualTo(2);
    }
}
