package io.surprisal.evaluation.report;

import io.surprisal.evaluation.report.EvaluationReport.AttackResult;
import io.surprisal.evaluation.report.EvaluationReport.Detection;
import io.surprisal.evaluation.report.EvaluationReport.FalsePositives;
import io.surprisal.evaluation.report.EvaluationReport.Subset;
import io.surprisal.evaluation.report.EvaluationReport.TruePositives;
import java.util.ArrayList;
import java.util.List;

/** The tables that the console and the page have in common. */
final class ReportTables {

    /**
     * Text cells under a header.
     *
     * @param caption above it
     * @param header of each column
     * @param rows as wide as the header
     */
    record Table(String caption, List<String> header, List<List<String>> rows) {
        Table {
            for (List<String> row : rows) {
                if (row.size() != header.size()) {
                    throw new IllegalArgumentException("expected " + header.size() + " cells, found " + row);
                }
            }
        }
    }

    private ReportTables() {}

    static List<Table> all(EvaluationReport report) {
        List<Table> tables = new ArrayList<>();
        tables.add(bits(report));
        tables.add(falsePositives(report));
        report.falsePositives().stream()
                .map(FalsePositives::statistic)
                .distinct()
                .forEach(statistic -> tables.add(detection(report, statistic)));
        return tables;
    }

    private static Table bits(EvaluationReport report) {
        List<List<String>> rows = report.bitsPerDimension().stream()
                .map(b -> List.of(
                        b.set(),
                        Integer.toString(b.images()),
                        Numbers.bits(b.mean()),
                        Numbers.bits(b.standardDeviation())))
                .toList();
        return new Table("Bits per dimension", List.of("images of", "n", "mean", "sd"), rows);
    }

    private static Table falsePositives(EvaluationReport report) {
        List<List<String>> rows = report.falsePositives().stream()
                .map(f -> List.of(
                        f.statistic(),
                        Numbers.rate(f.requested()),
                        Numbers.score(f.threshold()),
                        f.threshold().rank() + " of " + f.references(),
                        f.flagged() + " of " + f.images(),
                        Numbers.finePercent(f.reached()),
                        Numbers.interval(f.interval()),
                        f.requestedInside() ? "yes" : "no",
                        Numbers.interval(f.reachable())))
                .toList();
        return new Table(
                "False positives on clean test images",
                List.of(
                        "statistic",
                        "asked for",
                        "flagged above",
                        "rank among clean images, from the most extreme",
                        "flagged",
                        "reached",
                        "95 % interval",
                        "asked-for inside",
                        "to be expected"),
                rows);
    }

    private static Table detection(EvaluationReport report, String statistic) {
        List<String> header = new ArrayList<>(List.of("attack", "budget", "region", "success", "bits/dim"));
        List<Double> rates = report.protocol().falsePositiveRates();
        for (String subset : List.of("successful", "all")) {
            header.add("AUROC, " + subset);
            rates.forEach(rate -> header.add("found at " + Numbers.rate(rate) + ", " + subset));
        }
        List<List<String>> rows =
                report.attacks().stream().map(a -> row(a, statistic)).toList();
        return new Table("Detection by " + statistic, header, rows);
    }

    private static List<String> row(AttackResult attack, String statistic) {
        List<String> row = new ArrayList<>(List.of(
                attack.attack(),
                attack.budget(),
                attack.region(),
                Numbers.percent(attack.successRate()),
                Numbers.bits(attack.meanBitsPerDimension())));
        for (Subset subset : List.of(Subset.SUCCESSFUL, Subset.ALL)) {
            Detection detection = attack.detections().stream()
                    .filter(d -> d.subset() == subset && d.statistic().equals(statistic))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            attack.title() + ": expected a detection by " + statistic + ", found none"));
            row.add(Numbers.area(detection.auroc()));
            for (TruePositives found : detection.truePositives()) {
                row.add(Numbers.percent(found.rate()));
            }
        }
        return row;
    }
}
