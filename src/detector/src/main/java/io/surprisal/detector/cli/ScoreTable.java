package io.surprisal.detector.cli;

import io.surprisal.detector.verdict.Assessment;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Scores for people: one row a file, the columns as wide as they need to be. */
final class ScoreTable {

    private static final List<String> HEADINGS = List.of("FILE", "VERDICT", "BITS/DIM", "P-VALUE", "REASON");

    private ScoreTable() {}

    static void print(List<FileScore> scores, PrintWriter out) {
        List<List<String>> rows = scores.stream().map(ScoreTable::row).toList();
        int widest = rows.stream()
                .mapToInt(row -> row.getFirst().length())
                .reduce(HEADINGS.getFirst().length(), Math::max);
        print(HEADINGS, widest, out);
        rows.forEach(row -> print(row, widest, out));
    }

    private static List<String> row(FileScore score) {
        return switch (score) {
            case FileScore.Judged(var file, var verdict) -> {
                Assessment assessment = verdict.assessment();
                yield List.of(
                        file.toString(),
                        verdict.flagged() ? "flagged" : "accepted",
                        String.format(
                                Locale.ROOT, "%.3f", assessment.logLikelihood().bitsPerDimension()),
                        String.format(
                                Locale.ROOT,
                                "%.4f",
                                assessment.decisive().pValue().value()),
                        verdict.reason());
            }
            case FileScore.Failed(var file, var error) -> List.of(file.toString(), "error", "-", "-", error);
        };
    }

    private static void print(List<String> row, int widest, PrintWriter out) {
        out.println(String.format(
                "%-" + widest + "s  %-8s  %8s  %7s  %s", row.get(0), row.get(1), row.get(2), row.get(3), row.get(4)));
    }
}
