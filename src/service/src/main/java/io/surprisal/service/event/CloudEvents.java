package io.surprisal.service.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.service.model.DriftNoticed;
import io.surprisal.service.recent.DecisionJson;
import io.surprisal.service.recent.RecentDecision;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the service says, as CloudEvents 1.0 in their JSON format. The id of a verdict's event is the verdict's; ids are unique for the
 * source even where several instances share one. Thread-safe.
 */
final class CloudEvents {
    static final String VERDICT = "io.surprisal.verdict.v1";
    static final String DRIFT = "io.surprisal.drift.v1";

    private final String source;

    /** @param source what the events say they are from */
    CloudEvents(URI source) {
        this.source = source.toString();
    }

    /**
     * A verdict.
     *
     * @param image as a PNG file, or null to leave it out
     */
    ObjectNode verdict(RecentDecision decision, byte @Nullable [] image) {
        ObjectNode event = event(VERDICT, decision.id(), decision.model(), decision.version(), decision.at());
        ObjectNode data = DecisionJson.of(decision);
        if (image != null) {
            data.put("image", image);
        }
        event.set("data", data);
        return event;
    }

    /** Images are no longer those of a calibration. */
    ObjectNode drift(DriftNoticed drift) {
        ObjectNode event = event(DRIFT, UUID.randomUUID().toString(), drift.model(), drift.version(), drift.at());
        event.putObject("data")
                .put("model", drift.model())
                .put("version", drift.version())
                .put("statistic", drift.statistic())
                .put(
                        "kind",
                        drift.alarm().kind().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("images", drift.alarm().images())
                .put("description", drift.describe());
        return event;
    }

    private ObjectNode event(String type, String id, String model, String version, Instant time) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", source)
                .put("type", type)
                .put("subject", model + "/" + version)
                .put("time", time.toString())
                .put("datacontenttype", "application/json");
    }
}
