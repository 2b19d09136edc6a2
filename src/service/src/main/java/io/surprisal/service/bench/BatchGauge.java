package io.surprisal.service.bench;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How large the service's batches were and how long they took, by its own metrics. */
final class BatchGauge {
    private final ServiceMetrics metrics;
    private ServiceMetrics.@Nullable Reading last;

    BatchGauge(ServiceMetrics metrics) {
        this.metrics = metrics;
    }

    /**
     * The runs of the model between two readings.
     *
     * @param images mean images in one, at least 1
     * @param seconds time spent in all of them
     */
    record Runs(long count, int images, double seconds) {}

    /** Gives the runs since the last call. */
    Runs sinceLastCall() throws IOException, InterruptedException {
        ServiceMetrics.Reading now = metrics.read();
        double count = difference(now, "surprisal_batch_images_count");
        double images = difference(now, "surprisal_batch_images_sum");
        double seconds = difference(now, "surprisal_inference_seconds_sum");
        last = now;
        return new Runs((long) count, (int) Math.max(1, Math.round(images / Math.max(1, count))), seconds);
    }

    private double difference(ServiceMetrics.Reading now, String name) {
        return now.value(name) - (last == null ? 0 : last.value(name));
    }
}
