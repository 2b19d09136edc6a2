package io.surprisal.service.launch;

/** The service could not be started; the message has what it said itself. */
public final class ServiceStartException extends RuntimeException {
    ServiceStartException(String message) {
        super(message);
    }
}
