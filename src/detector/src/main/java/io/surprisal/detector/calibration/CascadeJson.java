package io.surprisal.detector.calibration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.detector.json.Fields;
import io.surprisal.detector.statistic.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code screen.json}, schema version 1. */
final class CascadeJson {

    private static final int SCHEMA_VERSION = 1;
    private static final String DOCUMENT = "screen.json";

    private CascadeJson() {}

    static Cascade read(byte[] json, Calibration model) {
        Fields root = Fields.parse(DOCUMENT, json);
        int version = root.integer("schemaVersion");
        if (version != SCHEMA_VERSION) {
            throw new IllegalArgumentException(
                    DOCUMENT + ".schemaVersion: expected " + SCHEMA_VERSION + ", found " + version);
        }
        Cascade.Route route = new Cascade.Route(
                root.string("statistic"),
                root.number("cleared"),
                root.number("suspect"),
                root.number("passed"),
                root.number("flagged"));
        Fields parameters = root.object("parameters");
        Fields scores = root.object("scores");
        List<Cascade.StageScores> byStatistic = new ArrayList<>();
        for (String name : scores.names()) {
            Fields stages = scores.object(name);
            byStatistic.add(new Cascade.StageScores(
                    Statistic.of(name, CalibrationJson.parameters(parameters, name)),
                    stages.packedNumbers(field(Stage.CLEARED)),
                    stages.packedNumbers(field(Stage.UNSURE)),
                    stages.packedNumbers(field(Stage.SUSPECT))));
        }
        return new Cascade(model, route, byStatistic);
    }

    static byte[] write(Cascade cascade) {
        Cascade.Route route = cascade.route();
        ObjectNode root = Fields.newObject()
                .put("schemaVersion", SCHEMA_VERSION)
                .put("statistic", route.statistic())
                .put("cleared", route.cleared())
                .put("suspect", route.suspect())
                .put("passed", route.passed())
                .put("flagged", route.flagged());
        ObjectNode parameters = root.putObject("parameters");
        ObjectNode scores = root.putObject("scores");
        for (Cascade.StageScores own : cascade.scores()) {
            CalibrationJson.putParameters(parameters, own.statistic());
            ObjectNode stages = scores.putObject(own.statistic().name());
            for (Stage stage : Stage.values()) {
                put(stages, field(stage), own.of(stage));
            }
        }
        return Fields.write(root);
    }

    private static void put(ObjectNode stages, String stage, double[] numbers) {
        if (numbers.length == 0) {
            stages.putArray(stage); // base64 of nothing would be an empty string
        } else {
            stages.put(stage, Fields.packedNumbers(numbers));
        }
    }

    private static String field(Stage stage) {
        return stage.name().toLowerCase(Locale.ROOT);
    }
}
