package io.surprisal.service.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Futures as the answers of resource methods. */
public final class Answers {
    private Answers() {}

    /** Answers with what becomes of the future; a caller that hangs up cancels it. */
    public static <T, R> CompletionStage<R> of(CompletableFuture<T> future, Function<T, R> answer) {
        CompletableFuture<R> answered = future.thenApply(answer);
        answered.whenComplete((result, failure) -> {
            if (answered.isCancelled()) {
                future.cancel(false);
            }
        });
        return answered;
    }
}
