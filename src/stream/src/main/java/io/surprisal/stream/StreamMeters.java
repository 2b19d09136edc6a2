package io.surprisal.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.stream.Outcome.Cause;
import io.surprisal.stream.Outcome.Judged;
import io.surprisal.stream.Outcome.Unjudged;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** The numbers at {@code /q/metrics} that are not Kafka's or Quarkus' own; those that the service has too have its names. Thread-safe. */
final class StreamMeters {
    private static final long[] MICROSECONDS = {
        250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000
    };

    private static final double[] BITS = {0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 7, 8, 10, 12, 16};

    private final Counter accepted;
    private final Counter flagged;
    private final Counter unreadable;
    private final Counter failed;
    private final Counter unexpected;
    private final DistributionSummary bitsPerDimension;
    private final DistributionSummary batchSize;
    private final Timer inference;
    private final Counter written;
    private final Counter imagesLeftOut;

    StreamMeters(MeterRegistry registry, BundleManifest model) {
        Tags tags = Tags.of("model", model.name(), "version", model.version());
        this.accepted = counter(registry, "surprisal.verdicts", "Images judged", tags.and("verdict", "accepted"));
        this.flagged = counter(registry, "surprisal.verdicts", "Images judged", tags.and("verdict", "flagged"));
        this.unreadable = unjudged(registry, tags, Cause.UNREADABLE);
        this.failed = unjudged(registry, tags, Cause.INFERENCE);
        this.unexpected = unjudged(registry, tags, Cause.UNEXPECTED);
        this.bitsPerDimension = DistributionSummary.builder("surprisal.bits.per.dimension")
                .description("Surprisal of the images judged, in bits per dimension")
                .tags(tags)
                .serviceLevelObjectives(BITS)
                .register(registry);
        this.batchSize = DistributionSummary.builder("surprisal.batch.images")
                .description("Images in one run of the model")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128)
                .register(registry);
        this.inference = Timer.builder("surprisal.inference")
                .description("Time of one run of the model on one batch")
                .serviceLevelObjectives(LongStream.of(MICROSECONDS)
                        .mapToObj(micros -> Duration.ofNanos(1_000 * micros))
                        .toArray(Duration[]::new))
                .register(registry);
        this.written = counter(registry, "surprisal.events.sent", "Events that the broker has taken", Tags.empty());
        this.imagesLeftOut = counter(
                registry,
                "surprisal.events.images.left.out",
                "Events that were too large for the broker with their image, and went without it",
                Tags.empty());
    }

    /** The model ran on so many images in so long. */
    void evaluated(int images, long nanos) {
        batchSize.record(images);
        inference.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Something became of an image. */
    void count(Outcome outcome) {
        switch (outcome) {
            case Judged(Image image, var verdict) -> {
                (verdict.flagged() ? flagged : accepted).increment();
                bitsPerDimension.record(verdict.assessment().logLikelihood().bitsPerDimension());
            }
            case Unjudged(Image image, Cause cause, String reason) ->
                (switch (cause) {
                            case UNREADABLE -> unreadable;
                            case INFERENCE -> failed;
                            case UNEXPECTED -> unexpected;
                        })
                        .increment();
        }
    }

    /** The broker has taken an event. */
    void written() {
        written.increment();
    }

    /** An event had to go without its image. */
    void imageLeftOut() {
        imagesLeftOut.increment();
    }

    private static Counter unjudged(MeterRegistry registry, Tags tags, Cause cause) {
        return counter(
                registry,
                "surprisal.unjudged",
                "Images of which nothing could be said",
                tags.and("cause", cause.name().toLowerCase(Locale.ROOT)));
    }

    private static Counter counter(MeterRegistry registry, String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }
}
