package io.surprisal.service.model;

/** A request names a model or version that is not here. */
public final class UnknownModelException extends RuntimeException {
    UnknownModelException(String message) {
        super(message);
    }
}
