package io.surprisal.service.bench;

import java.io.IOException;

/** A way to send requests to the service: a fixed number of slots, each with at most one request on its way. */
interface Transport extends AutoCloseable {
    /** What is told of each answer; called on a thread that must not be held up. */
    @FunctionalInterface
    interface Completion {
        /** The slot is free again; {@code ok} when the service gave verdicts. */
        void done(int slot, boolean ok);
    }

    /** Sends the next prepared request on a free slot. */
    void send(int slot) throws IOException;

    @Override
    void close() throws IOException;
}
