package io.surprisal.service.recent;

import io.surprisal.detector.quantise.Levels;

/** Where decisions go besides the {@link DecisionLog}; it must not hold up whoever judges. */
public interface DecisionSink {
    /** Whether it wants any; asked once. */
    boolean enabled();

    /**
     * Takes a decision, and returns at once.
     *
     * @param images the image is one of these, not to be changed
     * @param index which one
     */
    void add(RecentDecision decision, Levels images, int index);
}
