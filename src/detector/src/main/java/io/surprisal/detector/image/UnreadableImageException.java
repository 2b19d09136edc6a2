package io.surprisal.detector.image;

import java.io.Serial;

/**
 * The bytes sent are not an image this detector judges: not PNG or JPEG, damaged, too large, animated, transparent, in
 * a colour model that is not grey or RGB, or not of the model's shape. The sender's mistake, never the service's: a 4xx
 * status. The message says what was expected and what was found.
 */
public final class UnreadableImageException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * @param message what was expected and what was found
     */
    public UnreadableImageException(String message) {
        super(message);
    }

    /**
     * @param message what was expected and what was found
     * @param cause what the decompressor said
     */
    public UnreadableImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
