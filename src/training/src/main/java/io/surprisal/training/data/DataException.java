package io.surprisal.training.data;

import java.io.IOException;

/** A data set is not what it should be; the message says what was expected and what was found. */
public final class DataException extends IOException {
    private static final long serialVersionUID = 1;

    public DataException(String message) {
        super(message);
    }
}
