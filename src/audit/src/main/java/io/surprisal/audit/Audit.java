package io.surprisal.audit;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Judges every image below a folder and writes a row for each, in rounds: a run that is killed loses the round it is in, and the next one
 * with the same settings goes on. Files are told apart by their paths; one that changes later keeps its row.
 */
public final class Audit {
    /** So that the cores of a cluster finish a round together although images take unequal time. */
    private static final int TASKS_A_CORE = 4;

    private final SparkSession spark;
    private final AuditSettings settings;

    public Audit(SparkSession spark, AuditSettings settings) {
        this.spark = spark;
        this.settings = settings;
    }

    /** Who watches an audit. */
    public interface Progress {
        /** Called once, with the images of the folder and those of them that earlier runs have judged. */
        void begun(long images, long judgedBefore);

        /** Called after each task, with the images judged so far by this run. */
        void judged(long images);
    }

    /**
     * Runs to the end.
     *
     * @return what the table holds then, of earlier runs too
     * @throws AuditException when there is nothing to judge, or the table is another's
     * @throws io.surprisal.detector.bundle.BundleException when the bundle cannot be used
     */
    public Tally run(Progress progress) throws IOException {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        BundleFiles bundle = BundleFiles.of(settings.bundle());
        ImageListing images = ImageListing.of(settings.input(), context.hadoopConfiguration());
        VerdictTable table = new VerdictTable(spark, settings.output());
        Set<String> judgedBefore = table.resume(images.root(), bundle.sha256(), settings.decision());
        List<String> left = images.paths().stream()
                .filter(path -> !judgedBefore.contains(path))
                .toList();
        progress.begun(images.paths().size(), images.paths().size() - left.size());

        LongAccumulator judged = spark.sparkContext().longAccumulator("images judged");
        SparkListener watch = afterEachTask(() -> progress.judged(judged.value()));
        spark.sparkContext().addSparkListener(watch);
        try {
            ScoreImages score = new ScoreImages(
                    images.root(),
                    context.broadcast(new SerializableConfiguration(context.hadoopConfiguration())),
                    context.broadcast(bundle.contents()),
                    settings.decision().statistic(),
                    settings.decision().falsePositiveRate(),
                    settings.batch(),
                    judged);
            for (int from = 0; from < left.size(); from += settings.imagesPerCommit()) {
                List<String> round = left.subList(from, Math.min(left.size(), from + settings.imagesPerCommit()));
                int tasks = Math.clamp(round.size() / settings.batch(), 1, TASKS_A_CORE * context.defaultParallelism());
                table.append(context.parallelize(List.copyOf(round), tasks).mapPartitions(score));
            }
        } finally {
            spark.sparkContext().removeSparkListener(watch);
        }
        progress.judged(judged.value()); // whatever the listener has not been told of yet
        return table.complete();
    }

    private static SparkListener afterEachTask(Runnable action) {
        return new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                action.run();
            }
        };
    }
}
