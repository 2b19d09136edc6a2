package io.surprisal.detector.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.json.Fields;
import io.surprisal.detector.verdict.Assessment;
import io.surprisal.detector.verdict.StatisticResult;
import io.surprisal.detector.verdict.Verdict;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Scores for machines: the fields of {@code POST /v1/score}, with the file of each verdict, and {@code error} where
 * there is none. A number that JSON cannot write (an impossible image has infinitely many bits) is a string.
 */
final class ScoreJson {

    private ScoreJson() {}

    static void print(BundleManifest manifest, List<FileScore> scores, PrintWriter out) {
        ObjectNode root = Fields.newObject().put("model", manifest.name()).put("version", manifest.version());
        ArrayNode verdicts = root.putArray("verdicts");
        for (FileScore score : scores) {
            ObjectNode row = verdicts.addObject().put("file", score.file().toString());
            switch (score) {
                case FileScore.Judged judged -> put(row, judged.verdict());
                case FileScore.Failed failed -> row.put("error", failed.error());
            }
        }
        out.print(new String(Fields.write(root), StandardCharsets.UTF_8));
    }

    private static void put(ObjectNode row, Verdict verdict) {
        Assessment assessment = verdict.assessment();
        row.put("flagged", verdict.flagged())
                .put("reason", verdict.reason())
                .put("bitsPerDimension", assessment.logLikelihood().bitsPerDimension())
                .put("logLikelihoodNats", assessment.logLikelihood().nats())
                .put("pValue", assessment.decisive().pValue().value())
                .put("falsePositiveRate", assessment.falsePositiveRate())
                .put("screened", assessment.screened());
        ArrayNode statistics = row.putArray("statistics");
        for (StatisticResult result : assessment.statistics()) {
            statistics
                    .addObject()
                    .put("name", result.name())
                    .put("value", result.value())
                    .put("pValue", result.pValue().value());
        }
    }
}
