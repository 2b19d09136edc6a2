package io.surprisal.service.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.config.EmptySettings;
import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.model.DriftNoticed;
import io.surprisal.service.png.PngFile;
import io.surprisal.service.recent.DecisionSink;
import io.surprisal.service.recent.Outbox;
import io.surprisal.service.recent.RecentDecision;
import io.surprisal.service.recent.Tally;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells {@code surprisal.events.sink} of verdicts, or of a share of them, and of drift.
 *
 * <p>Nobody waits for it. What the sink does not take, or not fast enough, is counted ({@code surprisal_events_lost_total}) and logged once
 * a minute. Thread-safe.
 */
@Singleton
final class EventSender implements DecisionSink {
    private static final int QUEUE = 4_096;
    /** Images make events large: of 224×224 pixels in colour, these are 40 MB. */
    private static final int QUEUE_WITH_IMAGES = 256;

    private static final Duration PAUSE = Duration.ofMillis(250);

    private final SurprisalConfig.Events config;
    private final CloudEvents events;
    private final @Nullable Outbox<Supplier<ObjectNode>> outbox;

    @Inject
    EventSender(SurprisalConfig config, Vertx vertx, MeterRegistry registry) {
        this(config.events(), vertx, registry);
        EmptySettings.refuse("surprisal.events.sink");
    }

    /** Begins at once, if there is a sink. */
    EventSender(SurprisalConfig.Events config, Vertx vertx, MeterRegistry registry) {
        requireShare("flagged", config.flagged());
        requireShare("accepted", config.accepted());
        if (config.batch() < 1) {
            throw new IllegalArgumentException(
                    "expected surprisal.events.batch to be 1 or more, got " + config.batch());
        }
        this.config = config;
        this.events = new CloudEvents(config.source());
        Tally tally = new Tally(
                "events",
                counter(registry, "surprisal.events.sent", "Events that the sink has taken"),
                counter(registry, "surprisal.events.lost", "Events that the sink has not taken"));
        URI sink = config.sink().orElse(null);
        int together = config.batch();
        this.outbox = sink == null
                ? null
                : new Outbox<>(
                        "surprisal-events",
                        config.images() ? QUEUE_WITH_IMAGES : QUEUE,
                        together,
                        tally,
                        new HttpSink(vertx, sink, config.timeout(), PAUSE, together > 1, tally));
    }

    private static void requireShare(String what, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "expected surprisal.events.%s to be a share from 0 to 1, got %s".formatted(what, share));
        }
    }

    @Override
    public boolean enabled() {
        return outbox != null;
    }

    @Override
    public void add(RecentDecision decision, Levels images, int index) {
        double share = decision.flagged() ? config.flagged() : config.accepted();
        if (outbox == null || share < 1 && ThreadLocalRandom.current().nextDouble() >= share) {
            return;
        }
        // Written by the thread that sends it, and not by the one that judges.
        Levels image = config.images() ? images.slice(index, index + 1) : null;
        offer(() -> events.verdict(decision, image == null ? null : PngFile.of(image, 0)));
    }

    void drift(@ObservesAsync DriftNoticed drift) {
        if (outbox != null) {
            offer(() -> events.drift(drift));
        }
    }

    private void offer(Supplier<ObjectNode> event) {
        if (outbox != null) {
            outbox.offer(event);
        }
    }

    /** Last, when nothing is judged any more. */
    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) ShutdownEvent stop) throws InterruptedException {
        if (outbox != null) {
            outbox.stop();
        }
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }
}
