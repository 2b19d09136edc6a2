package io.surprisal.service.batch;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.batch.Ticket.Part;
import io.surprisal.service.caller.Claim;
import io.surprisal.service.metrics.BatchMeters;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Joins the images of different callers into batches and runs the model on them.
 *
 * <p>A bounded queue, counted in images, feeds a fixed number of worker threads; each takes a batch, evaluates it and hands every caller
 * its own rows. What a caller may count on:
 *
 * <ul>
 *   <li>A request is accepted whole or refused whole, at once: {@link QueueFullException}, or {@link StoppingException} after
 *       {@link #close}.
 *   <li>Callers that are equally urgent share the workers evenly, see {@link FairOrder}; whoever sends less than its share does not wait
 *       for those who send more. A full queue lets go what is less urgent, or the newest images of whoever has most of them waiting:
 *       their futures fail with {@link QueueFullException}.
 *   <li>Images never meet those of another model or shape.
 *   <li>A batch that fails is evaluated again request by request, so that no caller pays for another's images.
 *   <li>Cancelling the future takes the images out of the queue; one that is being evaluated is evaluated to the end.
 *   <li>Futures complete on a worker thread: what hangs on them must be short and must not block.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class Batcher implements AutoCloseable {
    private final BatchSettings settings;
    private final BatchMeters meters;
    private final BatchQueue queue;
    private final List<Thread> workers;

    public Batcher(BatchSettings settings, BatchMeters meters) {
        this.settings = settings;
        this.meters = meters;
        this.queue = new BatchQueue(settings);
        meters.watchQueue(queue, BatchQueue::images);
        this.workers = IntStream.range(0, settings.workers())
                .mapToObj(worker -> Thread.ofPlatform()
                        .name("surprisal-worker-" + worker)
                        .daemon()
                        .start(this::work))
                .toList();
    }

    /**
     * Refuses early what {@link #submit} would refuse for want of room, before a caller spends time on decoding.
     *
     * @param imageBytes of the levels of each image
     */
    public void requireRoom(Claim claim, int images, int imageBytes) {
        counted(() -> {
            queue.requireRoom(claim, images, imageBytes);
            return null;
        });
    }

    /** Queues images of nobody in particular. */
    public CompletableFuture<Conditionals> submit(Evaluation evaluation, Levels images) {
        return submit(evaluation, images, Claim.ANONYMOUS);
    }

    /**
     * Queues {@code images} for {@code evaluation}; at least one, any number that the queue holds.
     *
     * @return their conditionals, row by row in their order; fails with what the evaluation threw
     */
    public CompletableFuture<Conditionals> submit(Evaluation evaluation, Levels images, Claim claim) {
        Ticket ticket = new Ticket(evaluation, claim, images, settings.maxImages(), System.nanoTime());
        Set<Ticket> displaced = counted(() -> queue.add(ticket, images));
        displaced.forEach(other -> {
            meters.rejected();
            other.fail(QueueFullException.displaced());
        });
        ticket.answer().whenComplete((result, failure) -> {
            if (failure instanceof CancellationException) {
                queue.forget(ticket);
            }
        });
        return ticket.answer();
    }

    /** Images that wait for a run of the model. */
    public int waiting() {
        return queue.images();
    }

    /** Whether every worker is still there to work. */
    public boolean alive() {
        return workers.stream().allMatch(Thread::isAlive);
    }

    /** Accepts nothing more, answers what was accepted, and fails what is still waiting when the drain timeout is over. */
    @Override
    public void close() {
        queue.close();
        long deadline = System.nanoTime() + settings.drainTimeout().toNanos();
        try {
            for (Thread worker : workers) {
                worker.join(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        StoppingException stopping = new StoppingException("the service stopped before these images were evaluated");
        queue.abandon().forEach(part -> part.fail(stopping));
    }

    private <T extends @Nullable Object> T counted(Supplier<T> admission) {
        try {
            return admission.get();
        } catch (QueueFullException e) {
            meters.rejected();
            throw e;
        }
    }

    private void work() {
        try {
            for (List<Part> batch = queue.take(); !batch.isEmpty(); batch = queue.take()) {
                long now = System.nanoTime();
                batch.forEach(part -> meters.waited(now - part.arrivedNanos()));
                evaluate(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void evaluate(List<Part> batch) {
        long begun = System.nanoTime();
        Levels images = batch.size() == 1
                ? batch.getFirst().images()
                : Levels.concat(batch.stream().map(Part::images).toList());
        Conditionals all;
        try {
            all = batch.getFirst().evaluate(images);
        } catch (RuntimeException | Error e) {
            blame(batch, e);
            return;
        }
        long ended = System.nanoTime();
        meters.evaluated(images.count(), ended - begun);
        batch.forEach(part -> part.trace(begun, ended, images.count()));
        int row = 0;
        for (Part part : batch) {
            int next = row + part.images().count();
            part.succeed(batch.size() == 1 ? all : all.slice(row, next));
            row = next;
        }
    }

    /** Finds out by evaluating each request alone whose images the model fails on. */
    private void blame(List<Part> batch, Throwable cause) {
        if (batch.size() == 1) {
            batch.getFirst().fail(cause);
            return;
        }
        batch.forEach(part -> evaluate(List.of(part)));
    }
}
