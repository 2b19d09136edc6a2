package io.surprisal.detector.image;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Bytes that a piece of code takes from the heap, on this thread; exact, so that a test can hold a bound against it.
 */
final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /** Runs once to load classes, and once to count. */
    static long of(Runnable code) {
        code.run();
        return ofOne(code);
    }

    static long ofOne(Runnable code) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        code.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
