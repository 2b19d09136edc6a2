package io.surprisal.audit;

import io.surprisal.detector.Detector;
import io.surprisal.detector.verdict.Decision;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.stream.Gatherers;
import java.util.stream.StreamSupport;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A task of the cluster: paths to rows of the table.
 *
 * @param root folder of the paths
 * @param bundle contents of {@link BundleFiles}: a plain map, since not every serialiser that a cluster may use can do records
 * @param judged counts images, for whoever watches
 */
record ScoreImages(
        String root,
        Broadcast<SerializableConfiguration> hadoop,
        Broadcast<TreeMap<String, byte[]>> bundle,
        String statistic,
        double falsePositiveRate,
        int batch,
        LongAccumulator judged)
        implements FlatMapFunction<Iterator<String>, Row> {
    /** Files on their way while the model runs, each of up to 16 MiB: a read from an object store takes as long as a dozen images. */
    private static final int READS_AHEAD = 8;

    private static final int LOCAL_READS_AHEAD = 2;

    @Override
    public Iterator<Row> call(Iterator<String> paths) throws IOException {
        Path folder = new Path(root);
        FileSystem files = ImageFile.source(folder, hadoop.value().value());
        BundleFiles contents = new BundleFiles(bundle.value());
        Detector detector = SharedDetector.of(contents);
        ImageJudge judge = new ImageJudge(detector, new Decision(statistic, falsePositiveRate));
        VerdictRows rows = new VerdictRows(root, detector.manifest(), contents.sha256(), judge.decision());
        int ahead = files instanceof RawLocalFileSystem ? LOCAL_READS_AHEAD : READS_AHEAD;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(paths, Spliterator.ORDERED), false)
                .gather(Gatherers.mapConcurrent(ahead, path -> ImageFile.of(files, folder, path)))
                .gather(Gatherers.windowFixed(batch))
                .flatMap(window -> outcomes(judge, window).stream())
                .map(rows::row)
                .iterator();
    }

    private List<ImageJudge.Outcome> outcomes(ImageJudge judge, List<ImageFile> window) {
        List<ImageJudge.Outcome> outcomes = judge.judge(window);
        judged.add(outcomes.size());
        return outcomes;
    }
}
