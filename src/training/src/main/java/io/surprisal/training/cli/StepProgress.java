package io.surprisal.training.cli;

import java.io.PrintStream;
import java.util.Locale;

/** One line a step of work, with its share done, at most every few seconds. Called from several threads. */
final class StepProgress implements AutoCloseable {
    private static final long QUIET_NANOS = 5_000_000_000L;

    private final PrintStream out;
    private String current = "";
    private long last;

    StepProgress(PrintStream out) {
        this.out = out;
    }

    synchronized void step(String what, double share) {
        long now = System.nanoTime();
        if (!what.equals(current) || now - last >= QUIET_NANOS) {
            current = what;
            last = now;
            out.printf(Locale.ROOT, "%s: %.0f %%%n", what, 100 * share);
        }
    }

    @Override
    public void close() {
        out.flush();
    }
}
