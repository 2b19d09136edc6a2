package io.surprisal.service.config;

/** What becomes of a request that the gate could not judge, by its own fault or for want of time. */
public enum OnFailure {
    /** It is refused. */
    CLOSED,
    /** It goes on, is counted and logged. */
    OPEN
}
