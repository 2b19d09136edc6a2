package io.surprisal.evaluation.protocol;

/** Where an evaluation tells how it is going. Called from the evaluating thread. */
public interface Progress {

    /**
     * A new part begins.
     *
     * @param name for people
     * @param steps it will take; {@link #advance} counts them
     */
    void begin(String name, long steps);

    /** Some steps more of the current part are done. */
    void advance(long steps);
}
