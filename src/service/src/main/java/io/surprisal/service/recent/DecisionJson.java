package io.surprisal.service.recent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Decisions as JSON. */
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
                .put("falsePositiveRate", decision.falsePositiveRate());
        if (Double.isFinite(decision.bitsPerDimension())) {
            object.put("bitsPerDimension", decision.bitsPerDimension());
        } else {
            object.putNull("bitsPerDimension"); // an impossible image; JSON has no infinity
        }
        return object.put("reason", decision.reason());
    }
}
