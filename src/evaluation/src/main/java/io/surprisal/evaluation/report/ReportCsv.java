package io.surprisal.evaluation.report;

import io.surprisal.detector.calibration.Stage;
import io.surprisal.evaluation.metric.Interval;
import io.surprisal.evaluation.report.EvaluationReport.AttackResult;
import io.surprisal.evaluation.report.EvaluationReport.Detection;
import io.surprisal.evaluation.report.EvaluationReport.FalsePositives;
import io.surprisal.evaluation.report.EvaluationReport.ImageBits;
import io.surprisal.evaluation.report.EvaluationReport.TruePositives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The report for spreadsheets: {@code report.csv} with a row for each attack, statistic, subset and rate, {@code
 * false-positives.csv} and {@code bits-per-dimension.csv}. What cannot be measured is an empty cell.
 */
public final class ReportCsv {
    private ReportCsv() {}

    public static void write(EvaluationReport report, Path folder) throws IOException {
        Files.writeString(folder.resolve("report.csv"), detections(report));
        Files.writeString(folder.resolve("false-positives.csv"), falsePositives(report));
        Files.writeString(folder.resolve("bits-per-dimension.csv"), bitsPerDimension(report));
    }

    private static String detections(EvaluationReport report) {
        StringBuilder csv = new StringBuilder(
                "attack,budget,region,statistic,subset,images,auroc,false_positive_rate,flagged,true_positive_rate,lower,upper\n");
        for (AttackResult attack : report.attacks()) {
            for (Detection d : attack.detections()) {
                for (TruePositives t : d.truePositives()) {
                    row(
                            csv,
                            attack.attack(),
                            attack.budget(),
                            attack.region(),
                            d.statistic(),
                            d.subset().name().toLowerCase(Locale.ROOT),
                            d.images(),
                            d.auroc(),
                            t.falsePositiveRate(),
                            t.flagged(),
                            t.rate(),
                            lower(t.interval()),
                            upper(t.interval()));
                }
            }
        }
        return csv.toString();
    }

    private static String falsePositives(EvaluationReport report) {
        StringBuilder csv = new StringBuilder(
                "statistic,requested,references,rank,stage,threshold,flagged,images,reached,lower,upper,requested_inside,reachable_lower,reachable_upper\n");
        for (FalsePositives f : report.falsePositives()) {
            row(
                    csv,
                    f.statistic(),
                    f.requested(),
                    f.references(),
                    f.threshold().rank(),
                    stage(f.threshold().stage()),
                    f.threshold().score(),
                    f.flagged(),
                    f.images(),
                    f.reached(),
                    lower(f.interval()),
                    upper(f.interval()),
                    f.requestedInside(),
                    lower(f.reachable()),
                    upper(f.reachable()));
        }
        return csv.toString();
    }

    private static String bitsPerDimension(EvaluationReport report) {
        StringBuilder csv = new StringBuilder("set,images,mean,standard_deviation\n");
        for (ImageBits b : report.bitsPerDimension()) {
            row(csv, b.set().replace(",", ""), b.images(), b.mean(), b.standardDeviation());
        }
        return csv.toString();
    }

    private static @Nullable String stage(@Nullable Stage stage) {
        return stage == null ? null : stage.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Double lower(@Nullable Interval interval) {
        return interval == null ? null : interval.lower();
    }

    private static @Nullable Double upper(@Nullable Interval interval) {
        return interval == null ? null : interval.upper();
    }

    private static void row(StringBuilder csv, @Nullable Object... cells) {
        csv.append(Arrays.stream(cells)
                        .map(cell -> cell == null ? "" : cell.toString())
                        .collect(Collectors.joining(",")))
                .append('\n');
    }
}
