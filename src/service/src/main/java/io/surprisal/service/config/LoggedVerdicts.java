package io.surprisal.service.config;

/** Which verdicts stand in the log. */
public enum LoggedVerdicts {
    /** None of them. */
    NONE,
    /** Those that refuse an image. */
    FLAGGED,
    /** All of them. */
    ALL
}
