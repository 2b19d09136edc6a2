package io.surprisal.service.batch;

import java.time.Duration;

/** The queue has no room for a request's images; trying again later helps. */
public final class QueueFullException extends RuntimeException {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private QueueFullException(String message) {
        super(message);
    }

    static QueueFullException ofImages(int images, int waiting, int bound) {
        return new QueueFullException("the queue is full: %d images wait, at most %d may, and this request brings %d"
                .formatted(waiting, bound, images));
    }

    static QueueFullException ofBytes(long bytes, long waiting, long bound) {
        return new QueueFullException(
                "the queue is full: %,d bytes of images wait, at most %,d may, and this request brings %,d"
                        .formatted(waiting, bound, bytes));
    }

    static QueueFullException displaced() {
        return new QueueFullException(
                "the queue is full, and these images gave way to others that are more urgent, or of a caller with fewer");
    }

    /** How long a caller should wait before it tries again. */
    public Duration retryAfter() {
        return RETRY_AFTER;
    }
}
