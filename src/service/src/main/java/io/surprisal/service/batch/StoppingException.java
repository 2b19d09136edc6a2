package io.surprisal.service.batch;

/** The service is stopping: it answers what it has accepted and accepts nothing more. */
public final class StoppingException extends RuntimeException {
    StoppingException(String message) {
        super(message);
    }
}
