package io.surprisal.audit.cli;

import io.surprisal.audit.AuditSettings;
import io.surprisal.audit.PlainLoop;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Holds a table against a loop without Spark: the same rows, to the last bit, and how long both took. */
record PlainLoopCheck(SparkSession spark, AuditSettings settings, ConsoleProgress audit) {

    /** Whether the rows are the same. */
    boolean run(PrintWriter out) throws IOException, InterruptedException {
        int threads = spark.sparkContext().defaultParallelism();
        PlainLoop.Judged judged = PlainLoop.run(settings, spark.sparkContext().hadoopConfiguration(), threads);
        List<Row> rows = judged.rows();
        double imagesPerSecond = rows.size() / judged.seconds();
        Dataset<Row> table = PlainLoop.table(spark, settings);
        Dataset<Row> plain = judged.table(spark);
        if (!table.where("error IS NULL AND screened IS NULL").isEmpty()) {
            // Of one model, or of before there was that column.
            table = table.drop("screened");
            plain = plain.drop("screened");
        }
        // Maps cannot be compared as sets are; as text they can, and the text of a double is exact.
        String[] columns = {"to_json(struct(*)) AS row"};
        Dataset<Row> left = table.selectExpr(columns);
        Dataset<Row> right = plain.selectExpr(columns);
        long missing = right.exceptAll(left).count();
        long extra = left.exceptAll(right).count();
        out.printf(
                Locale.ROOT,
                "plain loop of %d threads: %.0f images a second; %s%n",
                threads,
                imagesPerSecond,
                missing + extra == 0
                        ? "the same %,d rows, to the last bit".formatted(rows.size())
                        : "%,d of its rows are missing or differ, %,d rows are not its".formatted(missing, extra));
        if (audit.summary().isPresent()) {
            out.printf(Locale.ROOT, "ratio %.3f%n", audit.imagesPerSecond() / imagesPerSecond);
        }
        return missing + extra == 0;
    }
}
