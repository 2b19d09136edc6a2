package io.surprisal.stream;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * The path of an image: read from its topic, judged, and its event written to the other.
 *
 * <p>The images of one poll are judged together, in as many runs of the model as it takes, and their events are written in the order of the
 * images. When the broker has all of them, and not before, the offsets of the poll are committed and the next one is judged. So what this
 * process had in hand when it was killed is read again, by itself or by another of its group: each image has an event at least once, and
 * one that has two has them with the same id.
 *
 * <p>Only what nobody can mend by waiting ends the process, with exit status 1 and nothing committed: a broker that refuses an event for
 * good, or a fault of this program.
 */
@Singleton
class ImageStream {
    private static final Logger LOG = Logger.getLogger(ImageStream.class);

    private final Workers workers;
    private final EventWriter writer;
    private final StreamMeters meters;
    private final Duration drainTimeout;
    /** Held while a poll is judged; and by whoever stops, for ever. */
    private final Semaphore hand = new Semaphore(1);

    private volatile boolean stopping;

    ImageStream(Workers workers, EventWriter writer, LoadedModel model, StreamConfig config) {
        this.workers = workers;
        this.writer = writer;
        this.meters = model.meters();
        this.drainTimeout = config.batch().drainTimeout();
    }

    /** Done when every event of a poll is written; the connector calls it for one poll after the other. */
    @Incoming("images")
    @Blocking
    CompletionStage<Void> take(ConsumerRecords<byte[], byte[]> polled) {
        if (stopping || !hand.tryAcquire()) {
            // Neither done nor failed: whoever has the partitions next reads them again.
            return new CompletableFuture<>();
        }
        CompletableFuture<Void> written;
        try {
            written = write(workers.judge(StreamSupport.stream(polled.spliterator(), false)
                    .map(Image::of)
                    .toList()));
        } catch (Throwable e) { // also what is no Exception: the images were not judged, and must not be committed
            written = CompletableFuture.failedFuture(e);
        }
        return written.whenComplete((done, failure) -> {
            hand.release();
            if (failure != null && !stopping) {
                LOG.fatal("stopping: the verdicts on what was read last cannot be written", failure);
                Quarkus.asyncExit(1);
            }
        });
    }

    private CompletableFuture<Void> write(List<Future<List<Outcome>>> runs)
            throws InterruptedException, ExecutionException {
        List<CompletableFuture<Void>> written = new ArrayList<>();
        for (Future<List<Outcome>> run : runs) {
            for (Outcome outcome : run.get()) {
                meters.count(outcome);
                written.add(writer.write(outcome));
            }
        }
        return CompletableFuture.allOf(written.toArray(CompletableFuture[]::new));
    }

    /** Finishes the poll that is being judged, before the connector commits for the last time and leaves the group. */
    void stop(@Observes ShutdownEvent stop) throws InterruptedException {
        stopping = true;
        if (!hand.tryAcquire(drainTimeout.toNanos(), TimeUnit.NANOSECONDS)) {
            LOG.warnf(
                    "no time left: what was not finished in %s is judged again by whoever reads it next", drainTimeout);
        }
    }
}
