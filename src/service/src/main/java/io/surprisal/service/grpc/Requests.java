package io.surprisal.service.grpc;

import com.google.protobuf.ByteString;
import io.surprisal.service.caller.Callers;
import io.surprisal.service.config.Priority;
import io.surprisal.service.grpc.v1.ScoreRequest;
import io.surprisal.service.score.Choice;
import io.surprisal.service.score.Scored;
import io.surprisal.service.score.Scoring;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Messages as calls of the service. */
final class Requests {
    private Requests() {}

    /** Scores the images of a message; what is wrong with it comes as the future's failure. */
    static CompletableFuture<Scored> score(ScoreRequest request, Scoring scoring) {
        try {
            return scoring.score(
                    request.getImagesList().stream()
                            .map(ByteString::toByteArray)
                            .toList(),
                    choice(request));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Choice choice(ScoreRequest request) {
        return new Choice(
                        given(request.getModel()),
                        given(request.getVersion()),
                        given(request.getStatistic()),
                        request.hasFalsePositiveRate() ? request.getFalsePositiveRate() : null)
                .by(Callers.ofThisCall())
                .as(priority(request.getPriority()));
    }

    /** One that a later version knows is as good as none. */
    private static Priority priority(io.surprisal.service.grpc.v1.Priority asked) {
        return switch (asked) {
            case PRIORITY_NORMAL, UNRECOGNIZED -> Priority.NORMAL;
            case PRIORITY_BULK -> Priority.BULK;
        };
    }

    private static @Nullable String given(String text) {
        return text.isBlank() ? null : text.strip();
    }
}
