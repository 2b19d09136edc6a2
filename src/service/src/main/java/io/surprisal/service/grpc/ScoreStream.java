package io.surprisal.service.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.surprisal.service.grpc.v1.ScoreStreamRequest;
import io.surprisal.service.grpc.v1.ScoreStreamResponse;
import io.surprisal.service.score.Scored;
import io.surprisal.service.score.Scoring;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/**
 * One bidirectional stream: a window of requests being worked on, answered in their order.
 *
 * <p>Another request is asked of the sender only when an answer has gone out, and an answer goes out only when the receiver takes it, so
 * the window bounds what one stream can hold in memory.
 */
final class ScoreStream implements StreamObserver<ScoreStreamRequest> {
    private final Scoring scoring;
    private final ServerCallStreamObserver<ScoreStreamResponse> responses;
    private final ArrayDeque<Pending> window = new ArrayDeque<>();
    private boolean halfClosed;
    private boolean ended;

    private record Pending(String id, CompletableFuture<Scored> scored) {
        ScoreStreamResponse answer() {
            ScoreStreamResponse.Builder answer =
                    ScoreStreamResponse.newBuilder().setId(id);
            return scored.handle((result, failure) -> failure == null
                            ? answer.setResponse(Answers.of(result))
                            : answer.setError(Statuses.message(failure)))
                    .join()
                    .build();
        }
    }

    ScoreStream(Scoring scoring, ServerCallStreamObserver<ScoreStreamResponse> responses, int windowSize) {
        this.scoring = scoring;
        this.responses = responses;
        responses.disableAutoRequest();
        responses.setOnReadyHandler(this::drain);
        responses.setOnCancelHandler(this::abandon);
        responses.request(windowSize);
    }

    @Override
    public void onNext(ScoreStreamRequest request) {
        CompletableFuture<Scored> scored = Requests.score(request.getRequest(), scoring);
        synchronized (this) {
            window.add(new Pending(request.getId(), scored));
        }
        scored.whenComplete((result, failure) -> drain());
    }

    @Override
    public void onError(Throwable cause) {
        abandon();
    }

    @Override
    public void onCompleted() {
        synchronized (this) {
            halfClosed = true;
        }
        drain();
    }

    private synchronized void drain() {
        while (!ended
                && responses.isReady()
                && !window.isEmpty()
                && window.peekFirst().scored().isDone()) {
            responses.onNext(window.removeFirst().answer());
            responses.request(1);
        }
        if (!ended && halfClosed && window.isEmpty()) {
            ended = true;
            responses.onCompleted();
        }
    }

    private synchronized void abandon() {
        ended = true;
        window.forEach(pending -> pending.scored().cancel(false));
        window.clear();
    }
}
