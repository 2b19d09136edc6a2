package io.surprisal.service.batch;

import io.surprisal.service.batch.Ticket.Part;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Parts that wait for a worker, first come first served, bounded by their images. Thread-safe.
 *
 * <p>Without a delay a worker takes its share of what waits, a {@code workers}-th of the images rounded up: were one to take everything,
 * the others would stand idle until it is done. Images of the same model and shape are taken past others; those keep their places.
 */
final class BatchQueue {
    private final BatchSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final IdleWorkers idle;
    private final ArrayDeque<Part> waiting = new ArrayDeque<>();
    /** Written under the lock; read without it by the worker that looks out for the next request. */
    private volatile int images;

    private volatile boolean open = true;

    BatchQueue(BatchSettings settings) {
        this.settings = settings;
        this.idle = new IdleWorkers(lock, settings.lookout());
    }

    /** Images that wait at this moment. */
    int images() {
        lock.lock();
        try {
            return images;
        } finally {
            lock.unlock();
        }
    }

    /** Throws what {@link #add} would throw for so many images, without adding any. */
    void requireRoom(int newcomers) {
        lock.lock();
        try {
            if (!open) {
                throw new StoppingException("the service is stopping and accepts no more images");
            }
            if (images + newcomers > settings.queueImages()) {
                dropAbandoned();
            }
            if (images + newcomers > settings.queueImages()) {
                throw new QueueFullException(newcomers, images, settings.queueImages());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Adds all parts of a ticket or, by throwing, none. */
    void add(Ticket ticket, int newcomers) {
        lock.lock();
        try {
            requireRoom(newcomers);
            waiting.addAll(ticket.parts());
            images = images + newcomers;
            // Workers that wait for a batch to fill up stand among the idle ones: all of them have to look.
            if (ticket.parts().size() > 1 || !settings.maxDelay().isZero()) {
                idle.wakeAll();
            } else {
                idle.wakeOne();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a batch; an empty one means that the queue is closed and drained. */
    List<Part> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                dropAbandonedHead();
                Part head = waiting.peekFirst();
                if (head == null) {
                    if (!open) {
                        return List.of();
                    }
                    idle.await(() -> images > 0 || !open);
                    continue;
                }
                long patience = head.arrivedNanos() + settings.maxDelay().toNanos() - System.nanoTime();
                if (open && patience > 0 && !full(head)) {
                    idle.sleep(patience);
                    continue;
                }
                List<Part> batch = collect(head);
                if (!waiting.isEmpty()) {
                    idle.wakeOne();
                }
                return batch;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Accepts nothing more; what waits can still be taken. */
    void close() {
        lock.lock();
        try {
            open = false;
            idle.wakeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes out everything that still waits. */
    List<Part> abandon() {
        lock.lock();
        try {
            List<Part> left = List.copyOf(waiting);
            waiting.clear();
            images = 0;
            return left;
        } finally {
            lock.unlock();
        }
    }

    private boolean full(Part head) {
        int joined = 0;
        for (Part part : waiting) {
            joined += part.joins(head) ? part.images().count() : 0;
            if (joined >= settings.maxImages()) {
                return true;
            }
        }
        return false;
    }

    private List<Part> collect(Part head) {
        int room = settings.maxDelay().isZero()
                ? Math.min(settings.maxImages(), Math.ceilDiv(images, settings.workers()))
                : settings.maxImages();
        List<Part> batch = new ArrayList<>();
        int taken = 0;
        for (Iterator<Part> parts = waiting.iterator(); parts.hasNext() && taken < room; ) {
            Part part = parts.next();
            int count = part.images().count();
            if (part.abandoned()) {
                parts.remove();
                images = images - count;
            } else if (part.joins(head) && (batch.isEmpty() || taken + count <= room)) {
                parts.remove();
                images = images - count;
                batch.add(part);
                taken += count;
            }
        }
        return batch;
    }

    private void dropAbandonedHead() {
        for (Part head = waiting.peekFirst(); head != null && head.abandoned(); head = waiting.peekFirst()) {
            waiting.removeFirst();
            images = images - head.images().count();
        }
    }

    private void dropAbandoned() {
        waiting.removeIf(part -> {
            if (part.abandoned()) {
                images = images - part.images().count();
                return true;
            }
            return false;
        });
    }
}
