package io.surprisal.service.model;

/** The model a request is for is here, and either still being loaded or refused because its bundle breaks the contract. */
public final class ModelNotReadyException extends RuntimeException {
    ModelNotReadyException(String message) {
        super(message);
    }
}
