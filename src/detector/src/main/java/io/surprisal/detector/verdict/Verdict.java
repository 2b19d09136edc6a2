package io.surprisal.detector.verdict;

/**
 * Whether an image may go on to the classifier, and why. Accepted means: not more surprising than the clean images the
 * bundle was calibrated on, at the rate asked for. It does not mean: clean.
 */
public sealed interface Verdict {

    Assessment assessment();

    /** For people: one sentence without a full stop. */
    String reason();

    default boolean flagged() {
        return this instanceof Flagged;
    }

    record Accepted(Assessment assessment, String reason) implements Verdict {}

    record Flagged(Assessment assessment, String reason) implements Verdict {}
}
