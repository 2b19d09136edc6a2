package io.surprisal.evaluation.report;

import io.surprisal.evaluation.report.ReportTables.Table;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The report as text: columns aligned, the first to the left, the others to the right. */
public final class ConsoleTables {
    private static final int WIDEST_HEADER = 12;

    private ConsoleTables() {}

    public static void print(EvaluationReport report, PrintStream out) {
        for (Table table : ReportTables.all(report)) {
            print(table, out);
        }
    }

    private static void print(Table table, PrintStream out) {
        List<List<String>> header = wrapped(table.header());
        int[] widths = new int[table.header().size()];
        IntStream.range(0, widths.length).forEach(c -> {
            widths[c] =
                    header.stream().mapToInt(line -> line.get(c).length()).max().orElse(0);
            table.rows()
                    .forEach(row -> widths[c] = Math.max(widths[c], row.get(c).length()));
        });
        out.println();
        out.println(table.caption());
        header.forEach(line -> out.println(aligned(line, widths)));
        out.println("-".repeat(Arrays.stream(widths).sum() + 2 * (widths.length - 1)));
        table.rows().forEach(row -> out.println(aligned(row, widths)));
    }

    /** Long headers on several lines, broken at spaces; as many lines for each. */
    private static List<List<String>> wrapped(List<String> header) {
        List<List<String>> columns = header.stream().map(ConsoleTables::wrap).toList();
        int lines = columns.stream().mapToInt(List::size).max().orElse(0);
        return IntStream.range(0, lines)
                .mapToObj(line -> columns.stream()
                        .map(column -> line < column.size() ? column.get(line) : "")
                        .toList())
                .toList();
    }

    private static List<String> wrap(String text) {
        StringBuilder wrapped = new StringBuilder();
        int length = 0;
        for (String word : text.split(" ", -1)) {
            boolean fits = length + 1 + word.length() <= WIDEST_HEADER;
            wrapped.append(length == 0 ? "" : fits ? " " : "\n").append(word);
            length = fits ? length + 1 + word.length() : word.length();
        }
        return wrapped.toString().lines().toList();
    }

    private static String aligned(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            String fill = " ".repeat(widths[c] - cells.get(c).length());
            line.append(c == 0 ? "" : "  ").append(c == 0 ? cells.get(c) + fill : fill + cells.get(c));
        }
        return line.toString().stripTrailing();
    }
}
