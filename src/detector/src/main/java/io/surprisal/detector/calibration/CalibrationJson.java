package io.surprisal.detector.calibration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.surprisal.detector.json.Fields;
import io.surprisal.detector.statistic.Statistic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code calibration.json}, schema version 1. */
final class CalibrationJson {

    private static final int SCHEMA_VERSION = 1;
    private static final String DOCUMENT = "calibration.json";

    private CalibrationJson() {}

    static Calibration read(byte[] json) {
        Fields root = Fields.parse(DOCUMENT, json);
        int version = root.integer("schemaVersion");
        if (version != SCHEMA_VERSION) {
            throw new IllegalArgumentException(
                    DOCUMENT + ".schemaVersion: expected " + SCHEMA_VERSION + ", found " + version);
        }
        Fields split = root.object("split");
        CalibrationSource source =
                new CalibrationSource(split.string("name"), split.integer("images"), split.string("sha256"));
        Fields parameters = root.object("parameters");
        Fields scores = root.object("scores");
        Map<Statistic, ReferenceScores> byStatistic = new LinkedHashMap<>();
        for (String name : scores.names()) {
            byStatistic.put(Statistic.of(name, parameters(parameters, name)), references(scores, name));
        }
        return Calibration.of(source, byStatistic);
    }

    /** Every score, or a weighted sample. */
    private static ReferenceScores references(Fields scores, String statistic) {
        if (!scores.isObject(statistic)) {
            return ReferenceScores.of(scores.packedNumbers(statistic));
        }
        Fields sample = scores.object(statistic);
        return ReferenceScores.weighted(
                sample.packedNumbers("values"),
                sample.packedIntegers("weights"),
                sample.integer("above"),
                sample.number("excess"));
    }

    static Map<String, List<Double>> parameters(Fields parameters, String statistic) {
        if (!parameters.names().contains(statistic)) {
            return Map.of();
        }
        Fields own = parameters.object(statistic);
        Map<String, List<Double>> values = new LinkedHashMap<>();
        own.names().forEach(name -> values.put(name, own.numberOrNumbers(name)));
        return values;
    }

    static byte[] write(Calibration calibration) {
        ObjectNode root = Fields.newObject().put("schemaVersion", SCHEMA_VERSION);
        root.putObject("split")
                .put("name", calibration.source().name())
                .put("images", calibration.source().images())
                .put("sha256", calibration.source().sha256());
        ObjectNode parameters = root.putObject("parameters");
        ObjectNode scores = root.putObject("scores");
        for (Statistic statistic : calibration.statistics()) {
            putParameters(parameters, statistic);
            scores.set(statistic.name(), scores(calibration.of(statistic.name())));
        }
        return Fields.write(root);
    }

    static void putParameters(ObjectNode parameters, Statistic statistic) {
        if (!statistic.parameters().isEmpty()) {
            ObjectNode own = parameters.putObject(statistic.name());
            statistic.parameters().forEach((name, values) -> own.set(name, Fields.numberOrNumbers(values)));
        }
    }

    /** 300,000 numbers of a calibration would be most of what starting takes, so they are packed; a rank needs no more than 7 digits. */
    private static JsonNode scores(ReferenceScores references) {
        String values = Fields.packedNumbers(references.toArray());
        if (references.size() == references.toArray().length) {
            return TextNode.valueOf(values);
        }
        return Fields.newObject()
                .put("values", values)
                .put("weights", Fields.packedIntegers(references.weights()))
                .put("above", references.above())
                .put("excess", references.excess());
    }
}
