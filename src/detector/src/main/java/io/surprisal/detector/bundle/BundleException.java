package io.surprisal.detector.bundle;

import org.jspecify.annotations.Nullable;

/**
 * A bundle breaks its contract, and must not serve. The message says which clause, what was expected and what was
 * found.
 */
public final class BundleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String clause;

    public BundleException(String clause, String expected, String found) {
        this(clause, expected, found, null);
    }

    public BundleException(String clause, String expected, String found, @Nullable Throwable cause) {
        super(clause + ": expected " + expected + ", found " + found, cause);
        this.clause = clause;
    }

    /** The clause of the contract that is broken: {@code SHA-256 of model.onnx}. */
    public String clause() {
        return clause;
    }
}
