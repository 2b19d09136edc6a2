package io.surprisal.service.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.surprisal.service.score.Failure;
import io.surprisal.service.score.Scored;
import io.surprisal.service.score.Scoring;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/score} for what most callers send, one small image file as the body, without the framework's way through its handlers;
 * all else goes on to {@link ScoreResource}, which documents both and answers the same.
 *
 * <p>A lone caller's request finds a core that has slept while another ran the model, with nothing of ours left in its caches: what costs
 * then is how much code a request goes through, and this is a third of it. Measured by {@code ./surprisal bench --concurrency 1}:
 * 0.85 and 0.89 of the bare model where it was 0.78 to 0.86.
 */
@Singleton
final class ScoreRoute {
    private static final Set<String> TYPES = Set.of("image/png", "image/jpeg", "application/octet-stream");
    /** As the framework says it. */
    private static final String JSON = "application/json;charset=UTF-8";

    private static final int LARGEST_BODY = 64 * 1024;
    private static final int BEFORE_THE_FRAMEWORK = -1;

    private final Scoring scoring;
    private final ObjectMapper json;

    ScoreRoute(Scoring scoring, ObjectMapper json) {
        this.scoring = scoring;
        this.json = json;
    }

    void register(@Observes Router router) {
        router.post("/v1/score").order(BEFORE_THE_FRAMEWORK).handler(this::score);
    }

    private void score(RoutingContext routing) {
        if (!isForUs(routing.request())) {
            routing.next();
            return;
        }
        MultiMap query = routing.queryParams(); // refuses what is no query, which nobody would hear of later
        Future<Buffer> body = routing.request().body();
        // Quarkus holds requests back until somebody wants their bodies.
        routing.request().resume();
        body.onSuccess(file -> score(routing, query, file.getBytes()));
    }

    private static boolean isForUs(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return type != null
                && TYPES.contains(type)
                && isSmall(request.getHeader(HttpHeaders.CONTENT_LENGTH))
                && request.getHeader(HttpHeaders.EXPECT) == null
                && (accept == null || accept.contains("*/*") || accept.contains("application/json"));
    }

    private static boolean isSmall(@Nullable String contentLength) {
        try {
            return contentLength != null && Integer.parseInt(contentLength) <= LARGEST_BODY;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private void score(RoutingContext routing, MultiMap query, byte[] file) {
        Context context = routing.vertx().getOrCreateContext();
        HttpServerResponse response = routing.response();
        CompletableFuture<Scored> scored = scored(routing, query, file);
        response.closeHandler(closed -> scored.cancel(false));
        // What is sent is made by the worker that judged, whose caches are warm; only the event loop may send it.
        scored.thenApply(this::written)
                .whenComplete((body, failure) -> context.runOnContext(now -> {
                    if (response.closed()) {
                        return; // the caller has gone, which is why this was cancelled
                    }
                    if (failure == null) {
                        response.putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(body);
                    } else {
                        refuse(response, Failure.of(failure));
                    }
                }));
    }

    private CompletableFuture<Scored> scored(RoutingContext routing, MultiMap query, byte[] file) {
        try {
            ScoreQuery asked = new ScoreQuery(
                    query.get("model"),
                    query.get("version"),
                    query.get("statistic"),
                    query.get("fpr"),
                    query.get("priority"),
                    query.get("timeout"));
            return scoring.score(List.of(MapResource.required(file)), asked.choice(routing));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void refuse(HttpServerResponse response, Failure failure) {
        Problem problem = Problem.of(failure);
        response.setStatusCode(problem.status()).putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
        Problem.headers(failure).forEach(response::putHeader);
        response.end(buffer(problem));
    }

    private Buffer written(Scored scored) {
        return buffer(ScoreAnswer.of(scored));
    }

    private Buffer buffer(Object answer) {
        return Buffer.buffer(FinishedBody.json(json, answer).bytes());
    }
}
