package io.surprisal.detector.density;

import org.jspecify.annotations.Nullable;

/**
 * The density model could not be run, or answered with numbers that cannot be: the model's fault, not the image's.
 * Nothing may be accepted on such an answer.
 */
public final class InferenceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InferenceException(String message) {
        this(message, null);
    }

    public InferenceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
