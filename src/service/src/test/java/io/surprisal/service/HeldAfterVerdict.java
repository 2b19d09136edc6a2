package io.surprisal.service;

import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.batch.Batcher;
import io.surprisal.service.recent.DecisionSink;
import io.surprisal.service.recent.RecentDecision;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Holds the service's one worker as soon as it has given the next verdict, so that whatever hangs on that verdict finds nobody to run the model. */
@Singleton
final class HeldAfterVerdict implements DecisionSink, AutoCloseable {
    private final Batcher batcher;
    private volatile boolean armed;
    private @Nullable HeldWorker held;

    HeldAfterVerdict(Batcher batcher) {
        this.batcher = batcher;
    }

    /** For the next verdict. */
    HeldAfterVerdict arm() {
        armed = true;
        return this;
    }

    @Override
    public boolean enabled() {
        return true;
    }

    @Override
    public void add(RecentDecision decision, Levels images, int index) {
        if (armed) {
            armed = false;
            held = HeldWorker.next(batcher);
        }
    }

    @Override
    public void close() {
        HeldWorker worker = held;
        if (worker == null) {
            throw new AssertionError("expected a verdict, found none");
        }
        worker.close();
    }
}
