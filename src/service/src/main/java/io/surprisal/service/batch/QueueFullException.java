package io.surprisal.service.batch;

import java.time.Duration;

/** The queue has no room for a request's images; trying again later helps. */
public final class QueueFullException extends RuntimeException {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    QueueFullException(int images, int waiting, int bound) {
        super("the queue is full: %d images wait, at most %d may, and this request brings %d"
                .formatted(waiting, bound, images));
    }

    /** How long a caller should wait before it tries again. */
    public Duration retryAfter() {
        return RETRY_AFTER;
    }
}
