package io.surprisal.audit;

import io.surprisal.detector.Detector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The same audit without Spark, in memory: threads that take batch after batch. What an audit is compared with. */
public final class PlainLoop {
    private PlainLoop() {}

    /**
     * What it gave.
     *
     * @param rows one for each image, in no order
     * @param seconds from the first image to the last; listing them and loading the model come before
     */
    public record Judged(List<Row> rows, double seconds) {
        /** The rows as a table of the same columns as an audit's. */
        public Dataset<Row> table(SparkSession spark) {
            return spark.createDataFrame(rows, VerdictRows.SCHEMA);
        }
    }

    /** What an audit wrote; a column that was not there yet when it did is null. */
    public static Dataset<Row> table(SparkSession spark, AuditSettings settings) {
        return spark.read().schema(VerdictRows.SCHEMA).parquet(settings.output());
    }

    /** Judges every image. */
    public static Judged run(AuditSettings settings, Configuration hadoop, int threads)
            throws IOException, InterruptedException {
        ImageListing images = ImageListing.of(settings.input(), hadoop);
        BundleFiles bundle = BundleFiles.of(settings.bundle());
        Path root = new Path(images.root());
        FileSystem files = ImageFile.source(root, hadoop);
        AtomicInteger next = new AtomicInteger();
        try (Detector detector = bundle.detector();
                ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            ImageJudge judge = new ImageJudge(detector, settings.decision());
            VerdictRows rows =
                    new VerdictRows(images.root(), detector.manifest(), bundle.sha256(), settings.decision());
            long begun = System.nanoTime();
            List<Future<List<Row>>> parts = new ArrayList<>(threads);
            for (int thread = 0; thread < threads; thread++) {
                parts.add(executor.submit(() -> {
                    List<Row> judged = new ArrayList<>();
                    int from;
                    while ((from = next.getAndAdd(settings.batch()))
                            < images.paths().size()) {
                        List<String> batch = images.paths()
                                .subList(from, Math.min(images.paths().size(), from + settings.batch()));
                        List<ImageFile> read = batch.stream()
                                .map(path -> ImageFile.of(files, root, path))
                                .toList();
                        judge.judge(read).forEach(outcome -> judged.add(rows.row(outcome)));
                    }
                    return judged;
                }));
            }
            List<Row> all = new ArrayList<>(images.paths().size());
            for (Future<List<Row>> part : parts) {
                all.addAll(part.get());
            }
            return new Judged(all, (System.nanoTime() - begun) * 1e-9);
        } catch (ExecutionException e) {
            throw new IllegalStateException("expected the plain loop to run, got " + e.getCause(), e.getCause());
        }
    }
}
