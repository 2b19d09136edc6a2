package io.surprisal.stream;

import io.surprisal.detector.verdict.Verdict;

/** What became of an image. */
sealed interface Outcome {
    /** Which one. */
    Image image();

    record Judged(Image image, Verdict verdict) implements Outcome {}

    /**
     * Nothing can be said; never the same as accepted.
     *
     * @param reason what was expected and what was found
     */
    record Unjudged(Image image, Cause cause, String reason) implements Outcome {}

    /** Whose fault it is that nothing can be said. */
    enum Cause {
        /** The image's: it is none, or not one of the model's size and channels. */
        UNREADABLE,
        /** The model's: it failed on the image, or answered with numbers that cannot be. */
        INFERENCE,
        /** This program's: it failed in a way it did not foresee; its log has more. */
        UNEXPECTED
    }
}
