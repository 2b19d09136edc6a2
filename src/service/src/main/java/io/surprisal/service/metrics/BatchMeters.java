package io.surprisal.service.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.surprisal.detector.density.OnnxDensityModel;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What the queue and the runs of the model report. Thread-safe. */
public final class BatchMeters {
    private static final String WAITING = "surprisal.queue.images";

    private final MeterRegistry registry;
    private final DistributionSummary batchSize;
    private final Timer wait;
    private final Timer inference;
    private final Counter rejected;

    public BatchMeters(MeterRegistry registry) {
        this.registry = registry;
        this.batchSize = DistributionSummary.builder("surprisal.batch.images")
                .description("Images in one run of the model")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128)
                .register(registry);
        this.wait = Timer.builder("surprisal.queue.wait")
                .description("Time from joining the queue to the run of the model")
                .serviceLevelObjectives(Latencies.buckets())
                .register(registry);
        this.inference = Timer.builder("surprisal.inference")
                .description("Time of one run of the model on one batch")
                .serviceLevelObjectives(Latencies.buckets())
                .register(registry);
        this.rejected = Counter.builder("surprisal.rejected")
                .description("Requests refused because the queue was full")
                .register(registry);
        Gauge.builder("surprisal.tensors.open", OnnxDensityModel::openTensors)
                .description("Tensors that hold native memory; none while no model runs")
                .register(registry);
    }

    /** Publishes the number of images that wait. The queue is held weakly. */
    public <T> void watchQueue(T queue, ToDoubleFunction<T> images) {
        // A service that is started again in one JVM would go on showing the queue of the one before.
        registry.find(WAITING).meters().forEach(registry::remove);
        Gauge.builder(WAITING, queue, images)
                .description("Images that wait for a run of the model")
                .register(registry);
    }

    /** A part of a request waited so long. */
    public void waited(long nanos) {
        wait.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** The model ran on so many images in so long. */
    public void evaluated(int images, long nanos) {
        batchSize.record(images);
        inference.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A request found the queue full. */
    public void rejected() {
        rejected.increment();
    }
}
