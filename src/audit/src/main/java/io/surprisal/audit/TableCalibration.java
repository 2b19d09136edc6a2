package io.surprisal.audit;

import static org.apache.spark.sql.functions.col;

import io.surprisal.detector.bundle.Bundle;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.CalibrationSource;
import io.surprisal.detector.calibration.ReferenceScores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What the images of audited tables score, as the calibration of the bundle that judged them. Statistics keep their parameters, which were
 * fitted on other images, so that what a table says of an image is final, and parts can be ranked together.
 *
 * <p>Clean images that were flagged belong to a calibration as much as those that were accepted: without them the largest scores are missing,
 * and each recalibration would flag the same share of what the one before had left. Where they cannot be told from attacks, all flagged images
 * count as more extreme than every accepted one, by every statistic. With n_c clean images and a attacks among n = n_c + a rows, and k clean
 * images at least as extreme as one in question, its p-value is then at least (1 + k + a)/(n_c + a + 1) ≥ (1 + k)/(n_c + 1), whichever of the
 * flagged were the clean ones; so the false-positive rate holds. It cannot be set below the share that was flagged, since nothing is known
 * of the scores beyond. (To take α as that share and p = α + (1 − α) · rank instead would trust the very calibration that is to be
 * replaced.) Attacks that were accepted are taken for clean: a share ε of them lets a rate of α grow to α/(1 − ε) at most.
 */
public final class TableCalibration {
    private static final int TASKS_A_CORE = 4;
    /** Of a table of millions each sends a megabyte. */
    private static final int MOST_TASKS = 128;

    private final SparkSession spark;
    private final BundleFiles files;
    private final Bundle bundle;

    /**
     * Reads the bundle.
     *
     * @throws io.surprisal.detector.bundle.BundleException when the folder holds no bundle that keeps the contract
     */
    public TableCalibration(SparkSession spark, Path bundle) throws IOException {
        this.spark = spark;
        this.files = BundleFiles.of(bundle);
        this.bundle = Bundle.load(bundle);
        if (this.bundle.screen().isPresent()) {
            throw new AuditException(
                    bundle.toString(),
                    "a bundle of one density, whose scores of all images can be ranked together",
                    "one with a screen: calibrate it on a folder of images");
        }
    }

    /**
     * A calibration, and what it was made of.
     *
     * @param images behind it
     * @param flagged of them, by the decision of their table
     * @param errors rows that were passed over, since there is no verdict in them
     */
    public record Result(Bundle bundle, Calibration calibration, long images, long flagged, long errors) {}

    /**
     * Ranks all images of some tables.
     *
     * @param tables folders that {@code ./surprisal score} wrote, each once
     * @param acceptedOnly whether flagged images may be attacks, and count as more extreme than all others; otherwise all are clean
     * @throws AuditException when one is no whole table of this bundle's verdicts, or there are fewer than 2 images in them
     */
    public Result of(List<String> tables, boolean acceptedOnly) throws IOException {
        Dataset<Row> rows = rows(tables);
        Tally tally = VerdictTable.tally(rows);
        long images = tally.images() - tally.errors();
        if (images < 2 || images >= Integer.MAX_VALUE) {
            throw new AuditException(
                    String.join(", ", tables),
                    "2 to " + (Integer.MAX_VALUE - 1) + " images that were judged",
                    images + " and " + tally.errors() + " rows with an error");
        }
        if (acceptedOnly && tally.flagged() == images) {
            throw new AuditException(String.join(", ", tables), "accepted images", "none among " + images);
        }
        SketchedScores sketched = sketch(rows, acceptedOnly, images);
        Calibration calibration = bundle.calibration();
        List<ReferenceScores> references = sketched.references();
        Map<String, ReferenceScores> byName = new LinkedHashMap<>();
        for (int i = 0; i < references.size(); i++) {
            byName.put(calibration.names().get(i), references.get(i));
        }
        CalibrationSource source =
                new CalibrationSource(name(tables, acceptedOnly), (int) sketched.images(), sketched.fingerprint());
        return new Result(bundle, calibration.ranked(source, byName), images, tally.flagged(), tally.errors());
    }

    private SketchedScores sketch(Dataset<Row> rows, boolean acceptedOnly, long images) {
        List<String> names = bundle.calibration().names();
        Column[] columns = Stream.concat(
                        Stream.of(col(VerdictRows.FLAGGED)),
                        names.stream()
                                .map(name -> col(VerdictRows.STATISTICS)
                                        .getItem(name)
                                        .getField(VerdictRows.VALUE)))
                .toArray(Column[]::new);
        int tasks = Math.min(TASKS_A_CORE * spark.sparkContext().defaultParallelism(), MOST_TASKS);
        // Few are sent one by one and are exact; of many, each task sends what it has shortened.
        int keptOneByOne = images <= TailSketch.FEW ? TailSketch.FEW : 0;
        List<byte[]> parts = rows.where(col(VerdictRows.ERROR).isNull())
                .select(columns)
                .coalesce(tasks)
                .javaRDD()
                .mapPartitions(new SketchRows(names.size(), acceptedOnly, keptOneByOne))
                .collect();
        SketchedScores all = new SketchedScores(names.size());
        parts.forEach(all::merge);
        if (all.images() != images) {
            throw new AuditException(
                    "the tables", images + " images, as before", all.images() + "; is one being written?");
        }
        return all;
    }

    private Dataset<Row> rows(List<String> tables) throws IOException {
        BundleManifest manifest = bundle.manifest();
        List<Dataset<Row>> all = new ArrayList<>();
        List<String> folders = new ArrayList<>();
        for (String name : tables) {
            VerdictTable table = new VerdictTable(spark, name);
            if (folders.contains(table.folder())) {
                throw new AuditException(name, "tables that differ", "the same one twice");
            }
            folders.add(table.folder());
            all.add(table.judgedBy(manifest.name(), manifest.version(), files.sha256()));
        }
        return all.stream().reduce(Dataset::union).orElseThrow();
    }

    private static String name(List<String> tables, boolean acceptedOnly) {
        return tables.stream()
                        .map(table -> String.valueOf(Path.of(table).getFileName()))
                        .collect(Collectors.joining(", ", "images audited in ", ""))
                + (acceptedOnly ? ", the flagged ones as more extreme than all others" : "");
    }
}
