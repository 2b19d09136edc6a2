package io.surprisal.service.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.grpc.v1.ScoreRequest;
import io.surprisal.service.grpc.v1.ScoreResponse;
import io.surprisal.service.grpc.v1.ScoreStreamRequest;
import io.surprisal.service.grpc.v1.ScoreStreamResponse;
import io.surprisal.service.grpc.v1.ScoringGrpc;
import io.surprisal.service.score.Scored;
import io.surprisal.service.score.Scoring;
import java.util.concurrent.CompletableFuture;

/** {@code surprisal.v1.Scoring}. Runs on the event loop; nothing in it blocks. */
@GrpcService
public class ScoringService extends ScoringGrpc.ScoringImplBase {
    private final Scoring scoring;
    private final int streamWindow;

    ScoringService(Scoring scoring, SurprisalConfig config) {
        this.scoring = scoring;
        this.streamWindow = config.grpc().streamWindow();
    }

    @Override
    public void score(ScoreRequest request, StreamObserver<ScoreResponse> responses) {
        CompletableFuture<Scored> scored = Requests.score(request, scoring);
        ((ServerCallStreamObserver<ScoreResponse>) responses).setOnCancelHandler(() -> scored.cancel(false));
        scored.whenComplete((result, failure) -> {
            if (scored.isCancelled()) {
                return;
            }
            if (failure == null) {
                responses.onNext(Answers.of(result));
                responses.onCompleted();
            } else {
                responses.onError(Statuses.ending(failure));
            }
        });
    }

    @Override
    public StreamObserver<ScoreStreamRequest> scoreStream(StreamObserver<ScoreStreamResponse> responses) {
        return new ScoreStream(scoring, (ServerCallStreamObserver<ScoreStreamResponse>) responses, streamWindow);
    }
}
