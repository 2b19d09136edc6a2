package io.surprisal.detector.density;

/**
 * How an ONNX Runtime session uses threads, and where it runs. One session is shared by all callers; nodes of a graph run one after the
 * other.
 *
 * @param intraOpThreads threads inside one operator, at least 1. One, the default, gives the most images a second when
 *     as many Java threads as there are cores call the session; more shortens the wait of a single caller
 * @param spinning whether idle ONNX Runtime threads burn their core waiting for work: a little faster alone, a loss on
 *     a shared machine
 * @param accelerator where it runs
 */
public record SessionSettings(int intraOpThreads, boolean spinning, Accelerator accelerator) {

    public SessionSettings {
        if (intraOpThreads < 1) {
            throw new IllegalArgumentException("expected at least 1 intra-op thread, found " + intraOpThreads);
        }
    }

    /** On the processor. */
    public SessionSettings(int intraOpThreads, boolean spinning) {
        this(intraOpThreads, spinning, Accelerator.none());
    }

    /** One thread an operator, no spinning, on the processor. */
    public static SessionSettings defaults() {
        return new SessionSettings(1, false);
    }
}
