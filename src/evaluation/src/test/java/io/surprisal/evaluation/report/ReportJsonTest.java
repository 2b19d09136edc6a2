package io.surprisal.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surprisal.detector.calibration.Stage;
import io.surprisal.evaluation.metric.Interval;
import io.surprisal.evaluation.report.EvaluationReport.AttackResult;
import io.surprisal.evaluation.report.EvaluationReport.AttackedClassifier;
import io.surprisal.evaluation.report.EvaluationReport.CalibrationSplit;
import io.surprisal.evaluation.report.EvaluationReport.Data;
import io.surprisal.evaluation.report.EvaluationReport.Detection;
import io.surprisal.evaluation.report.EvaluationReport.FalsePositives;
import io.surprisal.evaluation.report.EvaluationReport.ImageBits;
import io.surprisal.evaluation.report.EvaluationReport.Model;
import io.surprisal.evaluation.report.EvaluationReport.Protocol;
import io.surprisal.evaluation.report.EvaluationReport.Subset;
import io.surprisal.evaluation.report.EvaluationReport.Threshold;
import io.surprisal.evaluation.report.EvaluationReport.TruePositives;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong: an infinite mean, a rate of no images, a report of another version read as this one. */
class ReportJsonTest {
    private static final Interval INTERVAL = new Interval(0.04, 0.06);
    private static final Threshold THRESHOLD = new Threshold(20, Stage.UNSURE, 3.5);
    private static final EvaluationReport REPORT = new EvaluationReport(
            EvaluationReport.SCHEMA_VERSION,
            new Model("tiny", "1", "markov-chain", "0".repeat(64), true),
            new Data("numbers", "1".repeat(64), 20, 100, 50),
            new CalibrationSplit("split", 400, "2".repeat(64), true),
            new AttackedClassifier(500, 1, 0.925, null),
            new Protocol(1, List.of(2, 16), 10, List.of(0.05)),
            List.of(new ImageBits("test", 100, 2.9, 0.5), new ImageBits("noise", 50, Double.POSITIVE_INFINITY, 0)),
            List.of(new FalsePositives(
                    "bits-per-dimension", 0.05, 400, THRESHOLD, 5, 100, 0.05, INTERVAL, true, INTERVAL)),
            List.of(new AttackResult(
                    "fgsm, ε = 2, everywhere",
                    "fgsm",
                    "ε = 2",
                    "everywhere",
                    50,
                    45,
                    0,
                    3.25,
                    List.of(
                            new Detection(
                                    "bits-per-dimension",
                                    Subset.ALL,
                                    50,
                                    0.99995,
                                    List.of(new TruePositives(0.05, 49, 0.98, INTERVAL))),
                            new Detection(
                                    "bits-per-dimension",
                                    Subset.SUCCESSFUL,
                                    0,
                                    null,
                                    List.of(new TruePositives(0.05, 0, null, null)))))),
            12.5);

    @Test
    void whatIsWrittenIsReadAgain(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("report.json");
        ReportJson.write(REPORT, file);
        assertThat(ReportJson.read(file)).isEqualTo(REPORT);
    }

    @Test
    void anotherSchemaVersionIsRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("report.json");
        ReportJson.write(REPORT, file);
        Files.writeString(file, Files.readString(file).replace("\"schemaVersion\" : 3", "\"schemaVersion\" : 2"));
        assertThatThrownBy(() -> ReportJson.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("expected schema version 3, found 2");
    }

    @Test
    void tablesLeaveOpenWhatNoImageCouldShow() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ConsoleTables.print(REPORT, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("Detection by bits-per-dimension")
                .containsPattern("bits-per-dimension +5.% +3\\.500 by the model +20 of 400 +5 of 100")
                .containsPattern("fgsm +ε = 2 +everywhere +0\\.0 % +3\\.250 +– +– +> \\.9999 +98\\.0 %");
    }

    @Test
    void rowsForSpreadsheetsHaveAsManyCellsAsTheirHeader(@TempDir Path folder) throws IOException {
        ReportCsv.write(REPORT, folder);
        for (String name : List.of("report.csv", "false-positives.csv", "bits-per-dimension.csv")) {
            List<String> lines = Files.readAllLines(folder.resolve(name));
            assertThat(lines)
                    .hasSizeGreaterThan(1)
                    .allSatisfy(line -> assertThat(line.split(",", -1))
                            .hasSameSizeAs(lines.getFirst().split(",", -1)));
        }
    }
}
