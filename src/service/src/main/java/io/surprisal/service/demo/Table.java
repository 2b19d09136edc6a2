package io.surprisal.service.demo;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** The verdicts for people: one line an image, columns as wide as they need to be. */
final class Table {
    private Table() {}

    static void print(List<Row> rows, PrintStream out) {
        int width = rows.stream().mapToInt(row -> row.file().length()).max().orElse(4);
        String line = "%-" + Math.max(4, width) + "s  %-8s  %8s  %8s  %s%n";
        out.printf(Locale.ROOT, line, "file", "verdict", "bits/dim", "p-value", "reason");
        for (Row row : rows) {
            Answer answer = row.http();
            out.printf(
                    Locale.ROOT,
                    line,
                    row.file(),
                    answer.verdict(),
                    number(answer.bitsPerDimension(), "%.3f"),
                    number(answer.pValue(), "%.4f"),
                    row.agrees() ? answer.reason() : "gRPC says " + row.grpc().verdict() + ": " + answer.reason());
        }
        long flagged = rows.stream()
                .filter(row -> row.http().verdict().equals("flagged"))
                .count();
        out.printf("%n%d images, %d flagged.%n", rows.size(), flagged);
    }

    private static String number(double value, String format) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }
}
