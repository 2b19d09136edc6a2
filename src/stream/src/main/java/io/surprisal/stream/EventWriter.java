package io.surprisal.stream;

import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/**
 * Writes outcomes to the topic of verdicts. The producer goes on trying for as long as the broker is away; what is written by one thread
 * stays in its order.
 */
@Singleton
class EventWriter {
    private final MutinyEmitter<Object> verdicts;
    private final Events events;
    private final boolean images;
    private final StreamMeters meters;

    /** The emitter's queue has no bound of its own: whoever writes waits for the verdicts of one poll before those of the next. */
    EventWriter(
            @Channel("verdicts") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) MutinyEmitter<Object> verdicts,
            StreamConfig config,
            LoadedModel model) {
        this.verdicts = verdicts;
        URI source = config.events()
                .source()
                .orElseGet(() -> URI.create("/surprisal/" + config.topics().group()));
        this.events = new Events(config.events(), source, model.manifest());
        this.images = config.events().images();
        this.meters = model.meters();
    }

    /** Done when the broker has the event of an outcome, or there is none to be told; fails when the broker will never take it. */
    CompletableFuture<Void> write(Outcome outcome) {
        Instant now = Instant.now();
        return events.of(outcome, now)
                .map(event -> write(event)
                        .exceptionallyCompose(failure -> outcome instanceof Outcome.Judged verdict
                                        && images
                                        && failure instanceof RecordTooLargeException
                                ? withoutImage(verdict, now)
                                : CompletableFuture.failedStage(failure))
                        .toCompletableFuture())
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    private CompletionStage<Void> withoutImage(Outcome.Judged verdict, Instant at) {
        meters.imageLeftOut();
        return write(events.withoutImage(verdict, at));
    }

    private CompletionStage<Void> write(Message<Object> event) {
        return verdicts.sendMessage(event).invoke(meters::written).subscribeAsCompletionStage();
    }
}
