package io.surprisal.service.batch;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.caller.Claim;
import io.surprisal.service.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** One caller's images, cut into parts that fit a batch, and the promise of their conditionals. */
final class Ticket {
    private final Evaluation evaluation;
    private final Claim claim;
    private final CompletableFuture<Conditionals> answer = new CompletableFuture<>();
    private final List<Part> parts;
    private final AtomicReferenceArray<Conditionals> results;
    private final AtomicInteger missing;

    /** A run of a ticket's images that is evaluated together; the queue holds parts. */
    record Part(Ticket ticket, int index, Levels images, long arrivedNanos) {
        boolean joins(Part other) {
            return ticket.evaluation == other.ticket.evaluation
                    && images.levels() == other.images.levels()
                    && images.shape().equals(other.images.shape());
        }

        Claim claim() {
            return ticket.claim;
        }

        boolean abandoned() {
            return ticket.answer.isDone();
        }

        Conditionals evaluate(Levels batch) {
            return ticket.evaluation.of(batch);
        }

        /** Notes how long it waited and was evaluated for. */
        void trace(long begunNanos, long endedNanos, int together) {
            Trace trace = ticket.claim.trace();
            trace.past("queue", arrivedNanos, begunNanos, images.count());
            trace.past("model", begunNanos, endedNanos, together);
        }

        void succeed(Conditionals conditionals) {
            ticket.accept(index, conditionals);
        }

        void fail(Throwable cause) {
            ticket.fail(cause);
        }
    }

    Ticket(Evaluation evaluation, Claim claim, Levels images, int maxImages, long arrivedNanos) {
        this.evaluation = evaluation;
        this.claim = claim;
        this.parts = new ArrayList<>(1 + (images.count() - 1) / maxImages);
        for (int from = 0; from < images.count(); from += maxImages) {
            int to = Math.min(images.count(), from + maxImages);
            Levels slice = to - from == images.count() ? images : images.slice(from, to);
            parts.add(new Part(this, parts.size(), slice, arrivedNanos));
        }
        this.results = new AtomicReferenceArray<>(parts.size());
        this.missing = new AtomicInteger(parts.size());
    }

    Claim claim() {
        return claim;
    }

    void fail(Throwable cause) {
        answer.completeExceptionally(cause);
    }

    List<Part> parts() {
        return parts;
    }

    CompletableFuture<Conditionals> answer() {
        return answer;
    }

    private void accept(int index, Conditionals conditionals) {
        results.set(index, conditionals);
        if (missing.decrementAndGet() == 0) {
            answer.complete(joined());
        }
    }

    private Conditionals joined() {
        if (results.length() == 1) {
            return results.get(0);
        }
        List<Conditionals> all = new ArrayList<>(results.length());
        for (int i = 0; i < results.length(); i++) {
            all.add(results.get(i));
        }
        return Rows.concat(all);
    }
}
