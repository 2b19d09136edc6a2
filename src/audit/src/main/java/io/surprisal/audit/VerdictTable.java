package io.surprisal.audit;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;

import io.surprisal.detector.verdict.Decision;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * A folder of Parquet files with one row an image. Files are moved into it when a round of images is done; a run that was killed while
 * it moved them leaves whole rows, and the next run judges what has none. So no row is lost or there twice, whoever reads the files.
 * One audit at a time may write to a folder.
 */
final class VerdictTable {
    /** Where Hadoop keeps what is not committed; what a killed run left there would be committed with the next round. */
    private static final String UNFINISHED = "_temporary";

    private static final String COMPLETE = "_SUCCESS";

    private final SparkSession spark;
    private final Path folder;
    private final FileSystem files;

    VerdictTable(SparkSession spark, String output) throws IOException {
        this.spark = spark;
        Path path = new Path(output);
        this.files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
        this.folder = files.makeQualified(path);
    }

    /**
     * Takes up where an earlier run stopped.
     *
     * @param root folder of the images
     * @return the paths that have a row
     * @throws AuditException when the folder holds something else, or rows of other images, another model or another decision; it is left
     *     as it is
     */
    Set<String> resume(String root, String bundleSha256, Decision decision) throws IOException {
        if (!files.exists(folder)) {
            return Set.of();
        }
        if (!files.getFileStatus(folder).isDirectory()) {
            throw new AuditException(folder.toString(), "a folder for the table, or nothing", "a file");
        }
        Set<String> judged = Set.of();
        if (holdsRows()) {
            requireColumns();
            requireSame(RowFactory.create(root, bundleSha256, decision.statistic(), decision.falsePositiveRate()));
            judged = new HashSet<>(
                    rows().select(VerdictRows.PATH).as(Encoders.STRING()).collectAsList());
        }
        files.delete(new Path(folder, UNFINISHED), true);
        files.delete(new Path(folder, COMPLETE), false);
        return judged;
    }

    void append(JavaRDD<Row> rows) {
        spark.createDataFrame(rows, VerdictRows.SCHEMA)
                .write()
                .mode(SaveMode.Append)
                .parquet(folder.toString());
    }

    /** Marks the table as whole, as Hadoop does. */
    Tally complete() throws IOException {
        files.create(new Path(folder, COMPLETE), true).close();
        return tally(rows());
    }

    static Tally tally(Dataset<Row> rows) {
        Row sums = rows.agg(count(lit(1)), count_if(col(VerdictRows.FLAGGED)), count(col(VerdictRows.ERROR)))
                .first();
        return new Tally(sums.getLong(0), sums.getLong(1), sums.getLong(2));
    }

    /** Where it is, with scheme. */
    String folder() {
        return folder.toString();
    }

    /**
     * All rows of a table that is whole. (Images are judged in the order of their names: the first of them are a sample of nothing.)
     *
     * @throws AuditException when it is not, or there is none, or others judged
     */
    Dataset<Row> judgedBy(String model, String version, String bundleSha256) throws IOException {
        if (!files.exists(folder) || !files.getFileStatus(folder).isDirectory() || !holdsRows()) {
            throw new AuditException(folder.toString(), "a table that ./surprisal score wrote", "none");
        }
        requireColumns();
        if (!files.exists(new Path(folder, COMPLETE))) {
            throw new AuditException(
                    folder.toString(),
                    "a table that is whole, with " + COMPLETE + " in it",
                    "one whose run was interrupted; the same ./surprisal score takes it up");
        }
        Row judge = RowFactory.create(model, version, bundleSha256);
        for (Row theirs : rows().select(VerdictRows.MODEL, VerdictRows.VERSION, VerdictRows.BUNDLE)
                .distinct()
                .collectAsList()) {
            if (!theirs.equals(judge)) {
                throw new AuditException(
                        folder.toString(),
                        "rows of model, version and SHA-256 of bundle.json %s".formatted(judge),
                        theirs.toString());
            }
        }
        return rows();
    }

    private boolean holdsRows() throws IOException {
        boolean rows = false;
        for (FileStatus file : files.listStatus(folder)) {
            String name = file.getPath().getName();
            if (name.endsWith(".parquet")) {
                rows = true;
            } else if (!name.equals(UNFINISHED) && !name.equals(COMPLETE)) {
                throw new AuditException(folder.toString(), "Parquet files of an earlier run, or nothing", name);
            }
        }
        return rows;
    }

    private void requireColumns() {
        List<String> expected = List.of(VerdictRows.SCHEMA.fieldNames());
        // Tables of before there were screens lack one column, which is null in what is read of them.
        List<String> withoutScreened = expected.stream()
                .filter(column -> !column.equals(VerdictRows.SCREENED))
                .toList();
        List<String> found = List.of(spark.read().parquet(folder.toString()).columns());
        if (!found.equals(expected) && !found.equals(withoutScreened)) {
            throw new AuditException(folder.toString(), "a table with the columns " + expected, found.toString());
        }
    }

    private void requireSame(Row judge) {
        Column[] columns = Stream.of(VerdictRows.INPUT, VerdictRows.BUNDLE, VerdictRows.STATISTIC, VerdictRows.RATE)
                .map(functions::col)
                .toArray(Column[]::new);
        for (Row theirs : rows().select(columns).distinct().collectAsList()) {
            if (!theirs.equals(judge)) {
                throw new AuditException(
                        folder.toString(),
                        "rows of images, bundle and decision %s, or another folder".formatted(judge),
                        theirs.toString());
            }
        }
    }

    private Dataset<Row> rows() {
        return spark.read().schema(VerdictRows.SCHEMA).parquet(folder.toString());
    }
}
