package io.surprisal.stream;

import io.smallrye.reactive.messaging.ce.OutgoingCloudEventMetadata;
import io.smallrye.reactive.messaging.ce.OutgoingCloudEventMetadataBuilder;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.json.Fields;
import io.surprisal.detector.verdict.Assessment;
import io.surprisal.stream.Outcome.Judged;
import io.surprisal.stream.Outcome.Unjudged;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/**
 * Outcomes to CloudEvents 1.0, which the connector writes down.
 *
 * <p>An event's id and subject are {@code topic/partition/offset} of its image: an image that is read again, since the process ended before
 * its offset was committed, gets an event with the same id, and is drawn or not drawn again by the shares. The record's key is the image's
 * own, and where it is text, so is the attribute {@code partitionkey}. Thread-safe.
 */
final class Events {
    static final String VERDICT = "io.surprisal.verdict.v1";
    static final String UNJUDGED = "io.surprisal.unjudged.v1";

    private static final String JSON = "application/json";

    private final StreamConfig.Events config;
    private final URI source;
    private final BundleManifest model;
    private final AtomicLong judged = new AtomicLong();

    /**
     * @param source what the events say they are from
     * @param model that judges
     */
    Events(StreamConfig.Events config, URI source, BundleManifest model) {
        requireShare("flagged", config.flagged());
        requireShare("accepted", config.accepted());
        this.config = config;
        this.source = source;
        this.model = model;
    }

    private static void requireShare(String what, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "expected surprisal.events.%s to be a share from 0 to 1, found %s".formatted(what, share));
        }
    }

    /** The event of an outcome, unless it is a verdict that is not among those to be told. */
    Optional<Message<Object>> of(Outcome outcome, Instant at) {
        return switch (outcome) {
            case Judged verdict -> {
                JsonObject data = data(verdict, at);
                boolean told =
                        verdict.image().draw() < (verdict.verdict().flagged() ? config.flagged() : config.accepted());
                if (told && config.images()) {
                    data.put(
                            "image",
                            Base64.getEncoder().encodeToString(verdict.image().file()));
                }
                yield told ? Optional.of(message(VERDICT, outcome.image(), at, data)) : Optional.empty();
            }
            case Unjudged unjudged -> Optional.of(message(UNJUDGED, outcome.image(), at, data(unjudged, at)));
        };
    }

    /** The event of a verdict, for a broker that does not take it with its image. */
    Message<Object> withoutImage(Judged verdict, Instant at) {
        return message(VERDICT, verdict.image(), at, data(verdict, at));
    }

    /** The members of the service's events, and where the image was. */
    private JsonObject data(Judged verdict, Instant at) {
        Assessment assessment = verdict.verdict().assessment();
        JsonObject data = origin(verdict.image())
                .put("number", judged.incrementAndGet())
                .put("at", at.toString())
                .put("model", model.name())
                .put("version", model.version())
                .put("flagged", verdict.verdict().flagged())
                .put("statistic", assessment.decisive().name())
                .put("pValue", assessment.decisive().pValue().value())
                .put("falsePositiveRate", assessment.falsePositiveRate())
                .put(
                        "bitsPerDimension",
                        Fields.finiteOrNull(assessment.logLikelihood().bitsPerDimension()));
        assessment.stage().ifPresent(stage -> data.put("screened", stage.byScreen()));
        return data.put("reason", verdict.verdict().reason());
    }

    private JsonObject data(Unjudged unjudged, Instant at) {
        return origin(unjudged.image())
                .put("at", at.toString())
                .put("model", model.name())
                .put("version", model.version())
                .put("cause", unjudged.cause().name().toLowerCase(Locale.ROOT))
                .put("reason", unjudged.reason());
    }

    private static JsonObject origin(Image image) {
        return new JsonObject()
                .put("topic", image.topic())
                .put("partition", image.partition())
                .put("offset", image.offset());
    }

    private Message<Object> message(String type, Image image, Instant at, JsonObject data) {
        OutgoingCloudEventMetadataBuilder<Object> event = OutgoingCloudEventMetadata.builder()
                .withId(image.id())
                .withSource(source)
                .withType(type)
                .withSubject(image.id())
                .withTimestamp(at.atZone(ZoneOffset.UTC))
                .withDataContentType(JSON);
        image.textKey().ifPresent(key -> event.withExtension("partitionkey", key));
        // The connector makes one object of it in the structured mode; in the binary one it writes the value as it is.
        Object payload = config.mode() == ContentMode.STRUCTURED ? data : data.encode();
        Metadata metadata = Metadata.of(event.build());
        if (image.key() != null) {
            metadata = metadata.with(OutgoingKafkaRecordMetadata.<byte[]>builder()
                    .withKey(image.key())
                    .build());
        }
        return Message.of(payload, metadata);
    }
}
