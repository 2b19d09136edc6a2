package io.surprisal.service.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A classifier that costs nothing: it reads a request to its end and gives the same answer to all. What a gate adds to a real one it adds
 * to this one too, and nothing else is measured with it.
 */
final class Classifier implements AutoCloseable {
    private static final Buffer ANSWER =
            Buffer.buffer("{\"outputs\":[{\"name\":\"class\",\"datatype\":\"INT64\",\"shape\":[1],\"data\":[7]}]}");

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final HttpServer server;

    Classifier(String host) throws InterruptedException {
        try {
            this.server = vertx.createHttpServer()
                    .requestHandler(request -> request.end()
                            .onSuccess(read -> request.response()
                                    .putHeader("content-type", "application/json")
                                    .end(ANSWER)))
                    .listen(0, host)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("expected to listen on " + host, e);
        }
    }

    int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        vertx.close();
    }
}
