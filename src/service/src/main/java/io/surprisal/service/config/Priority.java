package io.surprisal.service.config;

/** How urgent images are, the most urgent first: nothing is evaluated while something more urgent waits. */
public enum Priority {
    /** Somebody waits for the verdict. */
    NORMAL,
    /** Nobody does: images that may wait until there is time, and that give way when the queue is full. */
    BULK
}
