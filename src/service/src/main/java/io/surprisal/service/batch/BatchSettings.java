package io.surprisal.service.batch;

import java.time.Duration;

/**
 * How images are joined.
 *
 * @param maxImages most images in one run of the model, at least 1
 * @param maxDelay how long an image may wait for its batch to fill up; zero: not at all
 * @param queueImages most images waiting, at least {@code maxImages}
 * @param queueBytes most bytes of levels waiting, one for each dimension of an image; at least 1
 * @param workers threads that run the model, at least 1
 * @param lookout how long an idle worker may look out for the next request before it sleeps, while requests are that close together;
 *     zero: not at all
 * @param drainTimeout how long closing waits for images already accepted
 */
public record BatchSettings(
        int maxImages,
        Duration maxDelay,
        int queueImages,
        long queueBytes,
        int workers,
        Duration lookout,
        Duration drainTimeout) {
    public BatchSettings {
        if (maxImages < 1) {
            throw new IllegalArgumentException("expected a batch of at least 1 image, got " + maxImages);
        }
        if (maxDelay.isNegative()) {
            throw new IllegalArgumentException("expected a delay of 0 or more, got " + maxDelay);
        }
        if (queueImages < maxImages) {
            throw new IllegalArgumentException(
                    "expected a queue of at least one batch, " + maxImages + " images, got " + queueImages);
        }
        if (queueBytes < 1) {
            throw new IllegalArgumentException("expected a queue of at least 1 byte, got " + queueBytes);
        }
        if (workers < 1) {
            throw new IllegalArgumentException("expected at least 1 worker, got " + workers);
        }
        if (lookout.isNegative()) {
            throw new IllegalArgumentException("expected a lookout of 0 or more, got " + lookout);
        }
        if (drainTimeout.isNegative()) {
            throw new IllegalArgumentException("expected a drain timeout of 0 or more, got " + drainTimeout);
        }
    }
}
