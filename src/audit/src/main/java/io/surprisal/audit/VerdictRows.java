package io.surprisal.audit;

import io.surprisal.audit.ImageJudge.Failed;
import io.surprisal.audit.ImageJudge.Judged;
import io.surprisal.audit.ImageJudge.Outcome;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.calibration.Stage;
import io.surprisal.detector.verdict.Assessment;
import io.surprisal.detector.verdict.Decision;
import io.surprisal.detector.verdict.StatisticResult;
import io.surprisal.detector.verdict.Verdict;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Outcomes as rows of the table.
 *
 * <table>
 *   <caption>Columns</caption>
 *   <tr><td>{@code path}</td><td>of the file, relative to the folder of the audit</td></tr>
 *   <tr><td>{@code error}</td><td>why there is no verdict; null where there is one, and then what follows is not</td></tr>
 *   <tr><td>{@code flagged}, {@code reason}, {@code p_value}, {@code bits_per_dimension}, {@code log_likelihood_nats}</td>
 *       <td>as in an answer of {@code /v1/score}</td></tr>
 *   <tr><td>{@code screened}</td><td>whether a screen was sure of the image and the model was not asked; null where the bundle has no screen,
 *       and in rows that were written before there was this column</td></tr>
 *   <tr><td>{@code statistics}</td><td>name → {@code value}, {@code p_value}</td></tr>
 *   <tr><td>{@code input}, {@code model}, {@code version}, {@code bundle_sha256}, {@code statistic}, {@code false_positive_rate}</td>
 *       <td>what was judged, by whom and how; the same in each row of a table</td></tr>
 * </table>
 */
record VerdictRows(String root, BundleManifest manifest, String bundleSha256, Decision decision) {
    static final String PATH = "path";
    static final String ERROR = "error";
    static final String FLAGGED = "flagged";
    static final String SCREENED = "screened";
    static final String STATISTICS = "statistics";
    static final String VALUE = "value";
    static final String INPUT = "input";
    static final String MODEL = "model";
    static final String VERSION = "version";
    static final String BUNDLE = "bundle_sha256";
    static final String STATISTIC = "statistic";
    static final String RATE = "false_positive_rate";

    private static final StructType RESULT =
            new StructType().add(VALUE, DataTypes.DoubleType, false).add("p_value", DataTypes.DoubleType, false);

    static final StructType SCHEMA = new StructType()
            .add(PATH, DataTypes.StringType, false)
            .add(ERROR, DataTypes.StringType, true)
            .add(FLAGGED, DataTypes.BooleanType, true)
            .add("reason", DataTypes.StringType, true)
            .add("p_value", DataTypes.DoubleType, true)
            .add("bits_per_dimension", DataTypes.DoubleType, true)
            .add("log_likelihood_nats", DataTypes.DoubleType, true)
            .add(SCREENED, DataTypes.BooleanType, true)
            .add(STATISTICS, DataTypes.createMapType(DataTypes.StringType, RESULT, false), true)
            .add(INPUT, DataTypes.StringType, false)
            .add(MODEL, DataTypes.StringType, false)
            .add(VERSION, DataTypes.StringType, false)
            .add(BUNDLE, DataTypes.StringType, false)
            .add(STATISTIC, DataTypes.StringType, false)
            .add(RATE, DataTypes.DoubleType, false);

    Row row(Outcome outcome) {
        return switch (outcome) {
            case Failed(String path, String error) -> row(path, error, null, null, null, null, null, null, null);
            case Judged(String path, Verdict verdict) -> row(path, verdict);
        };
    }

    private Row row(String path, Verdict verdict) {
        Assessment assessment = verdict.assessment();
        Map<String, Row> statistics = new LinkedHashMap<>();
        for (StatisticResult result : assessment.statistics()) {
            statistics.put(
                    result.name(),
                    RowFactory.create(result.value(), result.pValue().value()));
        }
        return row(
                path,
                null,
                verdict.flagged(),
                verdict.reason(),
                assessment.decisive().pValue().value(),
                assessment.logLikelihood().bitsPerDimension(),
                assessment.logLikelihood().nats(),
                assessment.stage().map(Stage::byScreen).orElse(null),
                CollectionConverters.asScala(statistics)); // the only maps that Spark takes
    }

    /** Null is what a table has where a row has nothing. */
    private Row row(@Nullable Object... own) {
        Object[] judge = {
            root, manifest.name(), manifest.version(), bundleSha256, decision.statistic(), decision.falsePositiveRate()
        };
        return RowFactory.create(
                Stream.concat(Arrays.stream(own), Arrays.stream(judge)).toArray());
    }
}
