package io.surprisal.service.http;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Futures as the answers of resource methods. */
final class Answers {
    private Answers() {}

    /** Answers with what becomes of the future; a caller that hangs up cancels it. */
    static <T, R> Uni<R> of(CompletableFuture<T> future, Function<T, R> answer) {
        return Uni.createFrom().emitter(emitter -> {
            future.whenComplete((result, failure) -> {
                if (failure == null) {
                    emitter.complete(answer.apply(result));
                } else {
                    emitter.fail(failure);
                }
            });
            emitter.onTermination(() -> future.cancel(false));
        });
    }
}
