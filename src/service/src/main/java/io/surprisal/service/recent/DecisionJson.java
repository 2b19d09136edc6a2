package io.surprisal.service.recent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.detector.json.Fields;

/** Decisions as JSON; {@code screened} is there only where the model has a screen. */
public final class DecisionJson {
    private DecisionJson() {}

    /** A new object, to be added to. */
    public static ObjectNode of(RecentDecision decision) {
        ObjectNode object = JsonNodeFactory.instance
                .objectNode()
                .put("id", decision.id())
                .put("number", decision.number())
                .put("at", decision.at().toString())
                .put("model", decision.model())
                .put("version", decision.version())
                .put("flagged", decision.flagged())
                .put("statistic", decision.statistic())
                .put("pValue", decision.pValue())
                .put("falsePositiveRate", decision.falsePositiveRate())
                .put("bitsPerDimension", Fields.finiteOrNull(decision.bitsPerDimension()));
        if (decision.screened() != null) {
            object.put("screened", decision.screened());
        }
        return object.put("reason", decision.reason());
    }
}
