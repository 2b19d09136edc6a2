package io.surprisal.service.console;

import io.smallrye.mutiny.Multi;
import io.surprisal.service.batch.Batcher;
import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.metrics.ScoringMeters;
import io.surprisal.service.model.ModelCatalogue;
import io.surprisal.service.recent.DecisionLog;
import io.surprisal.service.recent.RecentDecision;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestStreamElementType;

/**
 * {@code GET /v1/live}: server-sent events, one every half second, each with the decisions since the one before; the first has all that
 * are remembered. Whoever reads slowly gets fewer and larger ones. Not there while the console is off.
 */
@Path("/v1/live")
@Singleton
@Tag(name = "console")
public class LiveResource {
    private static final Duration EVERY = Duration.ofMillis(500);

    private final DecisionLog log;
    private final ModelCatalogue catalogue;
    private final Batcher batcher;
    private final ScoringMeters meters;
    private final boolean enabled;
    // Stopping waits for the requests under way, and a stream would be one for ever.
    private final Thread hook = new Thread(this::stop);
    private volatile boolean stopping;

    LiveResource(
            DecisionLog log, ModelCatalogue catalogue, Batcher batcher, ScoringMeters meters, SurprisalConfig config) {
        this.enabled = config.console().enabled();
        this.log = log;
        this.catalogue = catalogue;
        this.batcher = batcher;
        this.meters = meters;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop() {
        stopping = true;
    }

    @PreDestroy
    void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            stopping = true; // the hook is running already
        }
    }

    /** Updates until the caller goes or the service stops. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @Operation(operationId = "live", summary = "Streams decisions and how the service stands")
    @APIResponse(
            responseCode = "200",
            description = "An event every half second.",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(implementation = LiveUpdate.Event.class)))
    @APIResponse(responseCode = "404", description = "The console is off.")
    public Multi<LiveUpdate> live() {
        if (!enabled) {
            throw new NotFoundException();
        }
        AtomicLong last = new AtomicLong();
        return Multi.createFrom()
                .ticks()
                .every(EVERY)
                .onOverflow()
                .drop()
                .select()
                .first(tick -> !stopping)
                .map(tick -> update(last));
    }

    private LiveUpdate update(AtomicLong last) {
        List<RecentDecision> decisions = log.after(last.get());
        if (!decisions.isEmpty()) {
            last.set(decisions.getLast().number());
        }
        return new LiveUpdate(
                decisions.stream().map(LiveUpdate.Decided::of).toList(),
                batcher.waiting(),
                meters.answered(),
                meters.latencies(),
                catalogue.states().stream().map(LiveUpdate.Bundle::of).toList());
    }
}
