package io.surprisal.service.gate;

import io.surprisal.service.trace.Trace;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One request and its one answer, either the classifier's or the gate's own. Belongs to one event loop. */
final class Exchange {
    private static final Logger LOG = Logger.getLogger(Exchange.class);

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Upstream upstream;
    private final Trace trace;
    private final Runnable whenOver;
    private final boolean grpc;
    private boolean answered;
    private boolean over;
    private @Nullable HttpClientRequest onward;

    Exchange(HttpServerRequest request, Upstream upstream, Trace trace, Runnable whenOver) {
        this.request = request;
        this.response = request.response();
        this.upstream = upstream;
        this.trace = trace;
        this.whenOver = whenOver;
        String type = request.getHeader("content-type");
        this.grpc = type != null && type.startsWith("application/grpc") && request.version() == HttpVersion.HTTP_2;
        response.endHandler(end -> over());
        response.closeHandler(closed -> abandon());
        response.exceptionHandler(broken -> abandon());
        request.exceptionHandler(broken -> abandon());
    }

    HttpServerRequest request() {
        return request;
    }

    Trace trace() {
        return trace;
    }

    boolean isGrpc() {
        return grpc;
    }

    /** Whether an answer is on its way already. */
    boolean answered() {
        return answered;
    }

    /** Says that the connection ends with this answer. */
    void closeAfterwards() {
        if (request.version() != HttpVersion.HTTP_2) {
            response.putHeader("connection", "close");
        }
    }

    /** Sends a request on whose body has been received, or what goes on in its place. */
    void forward(Buffer body, Ruling.Forward ruling) {
        byte[] replacement = ruling.replacement();
        if (replacement != null) {
            send(ruling.headers(), ruling.replacementHeaders(), onward -> onward.send(Buffer.buffer(replacement)));
            return;
        }
        boolean bodiless = body.length() == 0 && request.getHeader("content-length") == null && !grpc;
        send(ruling.headers(), Map.of(), onward -> bodiless ? onward.send() : onward.send(body));
    }

    /** Sends a request on whose body comes as it comes. */
    void streamThrough() {
        request.pause();
        send(Map.of(), Map.of(), onward -> {
            if (request.getHeader("content-length") == null
                    && request.version() != HttpVersion.HTTP_2
                    && request.getHeader("transfer-encoding") == null) {
                request.resume();
                return onward.send();
            }
            if (request.getHeader("content-length") == null && !grpc) {
                onward.setChunked(true);
            }
            return onward.send(request);
        });
    }

    /** Answers in the classifier's place. */
    void refuse(Ruling.Refuse refusal) {
        refuse(refusal.status(), refusal.grpcStatus(), refusal.kind(), refusal.detail(), refusal.headers());
    }

    /** Answers in the classifier's place. */
    void refuse(int status, int grpcStatus, String kind, String detail, Map<String, String> headers) {
        if (answered || over) {
            return;
        }
        answered = true;
        if (!request.isEnded()) {
            request.resume(); // what is left of the body is received and thrown away
        }
        headers.forEach(response::putHeader);
        if (grpc) {
            response.putHeader("content-type", "application/grpc")
                    .putHeader("grpc-status", Integer.toString(grpcStatus))
                    .putHeader(
                            "grpc-message",
                            URLEncoder.encode(detail, StandardCharsets.UTF_8).replace("+", "%20"))
                    .end();
            return;
        }
        response.setStatusCode(status)
                .putHeader("content-type", Refusals.MEDIA_TYPE)
                .end(Refusals.json(status, kind, detail));
    }

    /** @param headers of the ruling, for the classifier and the caller; {@code others} are for the classifier alone */
    private void send(
            Map<String, String> headers,
            Map<String, String> others,
            Function<HttpClientRequest, Future<HttpClientResponse>> body) {
        if (over) {
            return;
        }
        MultiMap through = ProxyHeaders.through(request.headers(), headers);
        Trace call = trace.call("classifier");
        if (trace.isOn()) { // the one that was sent is no parent of what goes on
            through.remove("traceparent").remove("tracestate");
            call.headers().forEach(through::set);
        }
        if (!others.isEmpty()) {
            Ruling.DIGESTS.forEach(through::remove);
            others.forEach(through::set);
        }
        upstream.open(request, through, grpc)
                .compose(opened -> {
                    onward = opened;
                    if (over) {
                        opened.reset();
                    }
                    return body.apply(opened);
                })
                .onSuccess(answer -> {
                    call.with("http.response.status_code", answer.statusCode()).end();
                    relay(answer, headers);
                })
                .onFailure(cause -> {
                    call.fail(cause.toString());
                    unreachable(cause);
                });
    }

    private void relay(HttpClientResponse answer, Map<String, String> headers) {
        if (answered || over) {
            answer.request().reset();
            return;
        }
        answered = true;
        response.setStatusCode(answer.statusCode());
        if (request.version() != HttpVersion.HTTP_2 && answer.statusMessage() != null) {
            response.setStatusMessage(answer.statusMessage());
        }
        ProxyHeaders.through(answer.headers(), headers)
                .forEach((name, value) -> response.headers().add(name, value));
        if (request.version() != HttpVersion.HTTP_2
                && answer.getHeader("content-length") == null
                && request.method() != HttpMethod.HEAD
                && answer.statusCode() != 204
                && answer.statusCode() != 304) {
            response.setChunked(true);
        }
        answer.pipe().endOnComplete(false).to(response).onComplete(piped -> {
            if (over) {
                return;
            }
            if (piped.succeeded()) {
                // Trailers that are there but empty would be sent, and hide from gRPC that the headers say how the call
                // ended.
                if (!answer.trailers().isEmpty()) {
                    response.trailers().addAll(answer.trailers());
                }
                response.end();
            } else {
                LOG.warnf(
                        "the classifier broke off its answer to %s: %s",
                        request.path(), piped.cause().toString());
                breakOff();
            }
        });
    }

    private void unreachable(Throwable cause) {
        LOG.warnf("no answer from the classifier to %s: %s", request.path(), cause.toString());
        if (cause instanceof TimeoutException) {
            refuse(504, 4, "upstream-timeout", "the classifier did not answer in time", Map.of());
        } else {
            refuse(502, 14, "upstream-unreachable", "the classifier could not be reached", Map.of());
        }
    }

    /** The caller has to see that something is missing. */
    private void breakOff() {
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset();
        } else {
            request.connection().close();
        }
    }

    /** The caller is gone: nobody needs the classifier's answer any more. */
    private void abandon() {
        if (!over) {
            trace.fail("the caller has gone");
            if (onward != null) {
                onward.reset();
            }
        }
        over();
    }

    private void over() {
        if (!over) {
            over = true;
            trace.answered(response.getStatusCode());
            whenOver.run();
        }
    }
}
