package io.surprisal.service.model;

/** Models are not to be loaded and unloaded by whoever can reach the service, unless it is set up so. */
public final class RepositoryClosedException extends RuntimeException {
    RepositoryClosedException(String message) {
        super(message);
    }
}
