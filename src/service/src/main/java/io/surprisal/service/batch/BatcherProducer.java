package io.surprisal.service.batch;

import io.micrometer.core.instrument.MeterRegistry;
import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.metrics.BatchMeters;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the service's one batcher from its configuration, and drains it when the service stops. */
final class BatcherProducer {
    @Produces
    @Singleton
    Batcher batcher(SurprisalConfig config, MeterRegistry registry) {
        SurprisalConfig.Batch batch = config.batch();
        if (batch.queueImages() < config.limits().imagesPerRequest()) {
            throw new IllegalArgumentException(
                    "expected surprisal.batch.queue-images to hold at least one full request, %d images, got %d"
                            .formatted(config.limits().imagesPerRequest(), batch.queueImages()));
        }
        int workers = batch.workers() == 0 ? Runtime.getRuntime().availableProcessors() : batch.workers();
        BatchSettings settings = new BatchSettings(
                batch.maxImages(),
                batch.maxDelay(),
                batch.queueImages(),
                batch.queueBytes().asLongValue(),
                workers,
                batch.lookout(),
                batch.drainTimeout());
        return new Batcher(settings, new BatchMeters(registry));
    }

    void drain(@Disposes Batcher batcher) {
        batcher.close();
    }
}
