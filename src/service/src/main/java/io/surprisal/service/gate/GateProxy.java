package io.surprisal.service.gate;

import io.surprisal.service.caller.Callers;
import io.surprisal.service.caller.Claim;
import io.surprisal.service.config.Priority;
import io.surprisal.service.trace.Trace;
import io.surprisal.service.trace.Tracing;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * One request after another, on one event loop: its body is received, ruled on, and sent on or answered. Only where nothing is judged do
 * bodies stream through; answers always do.
 */
final class GateProxy {
    private final Gate gate;
    private final Tracing tracing;
    private final Upstream upstream;
    private final int bodyLimit;
    private final AtomicInteger inFlight;
    private final BooleanSupplier stopping;

    GateProxy(
            Gate gate,
            Tracing tracing,
            Upstream upstream,
            int bodyLimit,
            AtomicInteger inFlight,
            BooleanSupplier stopping) {
        this.gate = gate;
        this.tracing = tracing;
        this.upstream = upstream;
        this.bodyLimit = bodyLimit;
        this.inFlight = inFlight;
        this.stopping = stopping;
    }

    void handle(HttpServerRequest request) {
        inFlight.incrementAndGet();
        Trace trace = tracing.receive("gate", request.headers()::get);
        Exchange exchange = new Exchange(request, upstream, trace, inFlight::decrementAndGet);
        if (stopping.getAsBoolean()) {
            exchange.closeAfterwards();
        }
        String path = request.path() == null ? "" : request.path();
        trace.with("http.request.method", request.method().name()).with("url.path", path);
        if (exchange.isGrpc() && GrpcMethods.bringsNoImages(path) || gate.passes(path)) {
            exchange.streamThrough();
        } else if (exchange.isGrpc() && GrpcMethods.streams(path)) {
            exchange.refuse(Refusals.stream());
        } else if (Refusals.ambiguous(ProxyHeaders.repeated(request.headers()))) {
            exchange.refuse(Refusals.ambiguous());
        } else {
            receive(exchange, path);
        }
    }

    private void receive(Exchange exchange, String path) {
        HttpServerRequest request = exchange.request();
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() <= bodyLimit) {
                body.appendBuffer(chunk);
            } else if (!exchange.answered()) {
                exchange.closeAfterwards();
                exchange.refuse(
                        413,
                        8,
                        "body-too-large",
                        "expected a body of at most %d bytes, got more".formatted(bodyLimit),
                        Map.of());
            }
        });
        request.endHandler(end -> {
            if (!exchange.answered()) {
                rule(exchange, path, body);
            }
        });
    }

    private void rule(Exchange exchange, String path, Buffer body) {
        Context loop = Objects.requireNonNull(Vertx.currentContext());
        HttpServerRequest request = exchange.request();
        Claim caller = new Claim(Callers.host(request.remoteAddress()), Priority.NORMAL, exchange.trace());
        GatedRequest gated = new GatedRequest(path, request.headers()::get, caller, body.getBytes(), true);
        gate.rule(gated)
                .thenAccept(ruling -> loop.runOnContext(now -> {
                    switch (ruling) {
                        case Ruling.Forward forward -> exchange.forward(body, forward);
                        case Ruling.Refuse refuse -> exchange.refuse(refuse);
                    }
                }));
    }
}
