package io.surprisal.service.model;

/** A bundle that was to be loaded breaks the contract; what served before serves on. */
public final class BundleRefusedException extends RuntimeException {
    BundleRefusedException(String message) {
        super(message);
    }
}
