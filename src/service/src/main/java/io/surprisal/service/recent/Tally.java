package io.surprisal.service.recent;

import io.micrometer.core.instrument.Counter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Counts what has been handed on and what has been lost, and says the latter in the log, once a minute. Thread-safe. */
public final class Tally {
    private static final Logger LOG = Logger.getLogger(Tally.class);
    private static final long SAY_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String what;
    private final Counter handedOn;
    private final Counter lost;
    private final AtomicLong saidAt = new AtomicLong(System.nanoTime() - SAY_AGAIN_NANOS);

    /** @param what is counted, for people */
    public Tally(String what, Counter handedOn, Counter lost) {
        this.what = what;
        this.handedOn = handedOn;
        this.lost = lost;
    }

    /** So many have arrived. */
    public void handedOn(int count) {
        handedOn.increment(count);
    }

    /**
     * So many have not, and will not.
     *
     * @param why what was expected, and what was found
     */
    public void lost(int count, String why) {
        lost.increment(count);
        long said = saidAt.get();
        long now = System.nanoTime();
        if (now - said >= SAY_AGAIN_NANOS && saidAt.compareAndSet(said, now)) {
            LOG.errorf("%s are lost: %s", what, why);
        }
    }
}
