package io.surprisal.service.batch;

import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.batch.Ticket.Part;
import io.surprisal.service.caller.Claim;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;

/**
 * Parts that wait for a worker, in a {@link FairOrder}, bounded by their images and their bytes. Thread-safe.
 *
 * <p>Without a delay a worker takes its share of what waits, a {@code workers}-th of the images rounded up: were one to take everything,
 * the others would stand idle until it is done. Images of the same model and shape are taken past others; those keep their places.
 */
final class BatchQueue {
    private final BatchSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final IdleWorkers idle;
    private final FairOrder waiting = new FairOrder();
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

    /**
     * Throws what {@link #add} would throw for so many images, without adding any.
     *
     * @param imageBytes of each of them
     */
    void requireRoom(Claim claim, int newcomers, int imageBytes) {
        lock.lock();
        try {
            var unused = room(claim, newcomers, (long) newcomers * imageBytes);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds all parts of a ticket or, by throwing, none.
     *
     * @return tickets that had to go for it, to be failed without the lock
     */
    Set<Ticket> add(Ticket ticket, Levels newcomers) {
        lock.lock();
        try {
            Set<Ticket> displaced = room(ticket.claim(), newcomers.count(), newcomers.data().length);
            if (!displaced.isEmpty()) {
                waiting.removeIf(part -> displaced.contains(part.ticket()));
            }
            waiting.add(ticket);
            counted();
            // Workers that wait for a batch to fill up stand among the idle ones: all of them have to look.
            if (ticket.parts().size() > 1 || !settings.maxDelay().isZero()) {
                idle.wakeAll();
            } else {
                idle.wakeOne();
            }
            return displaced;
        } finally {
            lock.unlock();
        }
    }

    /** Lets a ticket go that nobody waits for any more, so that its caller's next images do not wait for it either. */
    void forget(Ticket ticket) {
        lock.lock();
        try {
            waiting.removeIf(part -> part.ticket() == ticket);
            counted();
        } finally {
            lock.unlock();
        }
    }

    private Set<Ticket> room(Claim claim, int newcomers, long bytes) {
        if (!open) {
            throw new StoppingException("the service is stopping and accepts no more images");
        }
        FairOrder.Load brought = new FairOrder.Load(newcomers, bytes);
        if (fits(waiting.load().plus(brought))) {
            return Set.of();
        }
        waiting.removeIf(Part::abandoned);
        counted();
        FairOrder.Load all = waiting.load().plus(brought);
        ToLongFunction<FairOrder.Load> size =
                all.images() > settings.queueImages() ? FairOrder.Load::images : FairOrder.Load::bytes;
        Set<Ticket> displaced = waiting.displaced(claim, brought, gone -> fits(all.minus(gone)), size);
        if (displaced.isEmpty() && !fits(all)) {
            throw all.images() > settings.queueImages()
                    ? QueueFullException.ofImages(newcomers, waiting.load().images(), settings.queueImages())
                    : QueueFullException.ofBytes(bytes, waiting.load().bytes(), settings.queueBytes());
        }
        return displaced;
    }

    private boolean fits(FairOrder.Load load) {
        return load.images() <= settings.queueImages() && load.bytes() <= settings.queueBytes();
    }

    private void counted() {
        images = waiting.load().images();
    }

    /** Waits for a batch; an empty one means that the queue is closed and drained. */
    List<Part> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                dropAbandonedHead();
                Part head = waiting.head();
                if (head == null) {
                    if (!open) {
                        return List.of();
                    }
                    idle.await(() -> images > 0 || !open);
                    continue;
                }
                if (open && !settings.maxDelay().isZero() && !full(head)) {
                    // Not always the head: what is less urgent may be overdue before it.
                    Part due = longestWaiting(head);
                    long patience = due.arrivedNanos() + settings.maxDelay().toNanos() - System.nanoTime();
                    if (patience > 0) {
                        idle.sleep(patience);
                        continue;
                    }
                    head = due;
                }
                List<Part> batch = collect(head);
                if (!waiting.isEmpty()) {
                    idle.wakeOne();
                }
                if (!batch.isEmpty()) { // whoever was at the head may have gone just now
                    return batch;
                }
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
            List<Part> left = waiting.drain();
            counted();
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

    private Part longestWaiting(Part head) {
        Part longest = head;
        for (Part part : waiting) {
            if (part.arrivedNanos() - longest.arrivedNanos() < 0 && !part.abandoned()) {
                longest = part;
            }
        }
        return longest;
    }

    private List<Part> collect(Part head) {
        int room = settings.maxDelay().isZero()
                ? Math.min(settings.maxImages(), Math.ceilDiv(images, settings.workers()))
                : settings.maxImages();
        waiting.turn();
        List<Part> batch = new ArrayList<>();
        int taken = 0;
        for (FairOrder.Walk parts = waiting.iterator(); parts.hasNext() && taken < room; ) {
            Part part = parts.next();
            int count = part.images().count();
            if (part.abandoned()) {
                parts.remove();
            } else if (part.joins(head) && (batch.isEmpty() || taken + count <= room)) {
                parts.take();
                batch.add(part);
                taken += count;
            }
        }
        counted();
        return batch;
    }

    private void dropAbandonedHead() {
        for (Iterator<Part> parts = waiting.iterator();
                parts.hasNext() && parts.next().abandoned(); ) {
            parts.remove();
        }
        counted();
    }
}
