package io.surprisal.service.batch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Workers that have nothing to do. Every method is called with the queue's lock held.
 *
 * <p>The one that worked last is woken first: the model's weights are still in the cache of its core. And while requests follow closely
 * on each other, one worker looks out for the next one instead of going to sleep: waking a thread takes about a tenth of a millisecond
 * where idle cores are halted. Where requests are rarer than that, nobody looks out, and an idle service costs nothing.
 */
final class IdleWorkers {
    private final ReentrantLock lock;
    private final long lookoutNanos;
    private final ArrayDeque<Condition> asleep = new ArrayDeque<>();
    private boolean lookout;
    private boolean closeTogether;

    /** @param lookout longest time to look out for work, zero for not at all */
    IdleWorkers(ReentrantLock lock, Duration lookout) {
        this.lock = lock;
        this.lookoutNanos = lookout.toNanos();
    }

    /** Waits until {@code work}, which is asked without the lock too, or until woken, whichever comes first. */
    void await(BooleanSupplier work) throws InterruptedException {
        long begun = System.nanoTime();
        if (closeTogether && !lookout) {
            lookOut(work, begun);
        }
        if (!work.getAsBoolean()) {
            sleep(Long.MAX_VALUE);
        }
        closeTogether = System.nanoTime() - begun < lookoutNanos;
    }

    /** Waits until woken, and at most so long. */
    void sleep(long nanos) throws InterruptedException {
        Condition woken = lock.newCondition();
        asleep.push(woken);
        try {
            woken.awaitNanos(nanos);
        } finally {
            asleep.remove(woken);
        }
    }

    /** One has to look for work; the lookout does so by itself. */
    void wakeOne() {
        if (!lookout) {
            Condition lastToWork = asleep.poll();
            if (lastToWork != null) {
                lastToWork.signal();
            }
        }
    }

    /** All have to look for work. */
    void wakeAll() {
        asleep.forEach(Condition::signal);
        asleep.clear();
    }

    private void lookOut(BooleanSupplier work, long begun) {
        lookout = true;
        lock.unlock();
        try {
            while (!work.getAsBoolean() && System.nanoTime() - begun < lookoutNanos) {
                Thread.yield(); // whoever else wants the core gets it
            }
        } finally {
            lock.lock();
            lookout = false;
        }
    }
}
