package io.surprisal.service;

import com.google.protobuf.ByteString;
import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.surprisal.service.gate.Ruling;
import io.surprisal.service.oip.grpc.v2.GRPCInferenceServiceGrpc;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest;
import io.surprisal.service.oip.grpc.v2.ModelInferResponse;
import io.surprisal.service.oip.grpc.v2.ServerLiveRequest;
import io.surprisal.service.oip.grpc.v2.ServerLiveResponse;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * What stands behind the gate: over HTTP a server that says what it was asked, over gRPC one that speaks the Open Inference Protocol. It
 * answers only what reaches it, so an answer with {@code seen} proves that a request came through, unchanged or not.
 */
public final class Classifier implements QuarkusTestResourceLifecycleManager {
    private static final Metadata.Key<String> VERDICT =
            Metadata.Key.of(Ruling.VERDICT, Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> TRAILER = Metadata.Key.of("x-trailer", Metadata.ASCII_STRING_MARSHALLER);
    private static final int LARGE = 3_000_000;

    private final Vertx vertx = Vertx.vertx();
    private HttpServer http = vertx.createHttpServer().requestHandler(Classifier::answer);
    private Server grpc = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Inference())
            .intercept(new SayVerdict())
            .build();

    @Override
    public Map<String, String> start() {
        try {
            http = http.listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
            grpc = grpc.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return Map.ofEntries(
                Map.entry("surprisal.gate.upstream", "http://127.0.0.1:" + http.actualPort()),
                Map.entry("surprisal.gate.upstream-grpc", "http://127.0.0.1:" + grpc.getPort()),
                Map.entry("surprisal.gate.host", "127.0.0.1"),
                Map.entry("surprisal.gate.port", "0"),
                Map.entry("surprisal.gate.deadline", "20s"),
                Map.entry("surprisal.gate.upstream-timeout", "5s"),
                Map.entry("surprisal.gate.form-fields", "comment"),
                Map.entry("surprisal.gate.routes.shadow.path", "/shadow"),
                Map.entry("surprisal.gate.routes.shadow.mode", "shadow"),
                Map.entry("surprisal.gate.routes.open.path", "/open"),
                Map.entry("surprisal.gate.routes.open.on-failure", "open"),
                Map.entry("surprisal.gate.routes.hurried.path", "/hurried"),
                Map.entry("surprisal.gate.routes.hurried.deadline", "50ms"),
                Map.entry("surprisal.gate.routes.free.path", "/free"),
                Map.entry("surprisal.gate.routes.free.mode", "pass"),
                Map.entry("surprisal.gate.routes.purify.path", "/purify"),
                Map.entry("surprisal.gate.routes.purify.mode", "purify"),
                Map.entry("surprisal.gate.routes.purify.statistic", "bits-per-dimension"),
                Map.entry("surprisal.gate.routes.late-purify.path", "/late-purify"),
                Map.entry("surprisal.gate.routes.late-purify.mode", "purify"),
                Map.entry("surprisal.gate.routes.late-purify.on-failure", "open"),
                Map.entry("surprisal.gate.routes.late-purify.deadline", "3s"),
                Map.entry("surprisal.gate.routes.colour.path", "/v1/models/colour"),
                Map.entry("surprisal.gate.routes.colour.model", "tiny-rgb"),
                Map.entry("surprisal.gate.routes.nan.path", "/nan"),
                Map.entry("surprisal.gate.routes.nan.model", "tiny-nan"),
                Map.entry("surprisal.gate.routes.nan.on-failure", "open"));
    }

    @Override
    public void stop() {
        grpc.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static void answer(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            switch (String.valueOf(request.path())) {
                case "/hang-up" -> request.connection().close();
                case "/free/break-off" -> {
                    request.response().setChunked(true).write("the first half");
                    request.connection().close();
                }
                case "/free/large" -> request.response().end(Buffer.buffer(new byte[LARGE]));
                case "/free/teapot" ->
                    request.response()
                            .setStatusCode(418)
                            .putHeader("x-classifier", "says")
                            .putHeader(Ruling.VERDICT, "accepted")
                            .end("short and stout");
                default -> {
                    JsonObject headers = new JsonObject();
                    request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
                    request.response()
                            .putHeader("content-type", "application/json")
                            .end(new JsonObject()
                                    .put("seen", request.method() + " " + request.uri())
                                    .put("headers", headers)
                                    .put("body", Base64.getEncoder().encodeToString(body.getBytes()))
                                    .encode());
                }
            }
        });
    }

    /** Says LIVE, and how many bytes of images came. */
    private static final class Inference extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
        @Override
        public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> responses) {
            responses.onNext(ServerLiveResponse.newBuilder().setLive(true).build());
            responses.onCompleted();
        }

        @Override
        public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
            if (request.getModelName().equals("absent")) {
                responses.onError(Status.NOT_FOUND
                        .withDescription("the classifier says so")
                        .asRuntimeException());
                return;
            }
            responses.onNext(ModelInferResponse.newBuilder()
                    .setId(request.getId())
                    .setModelName(request.getModelName())
                    .addRawOutputContents(
                            request.getRawInputContentsCount() > 0 ? request.getRawInputContents(0) : ByteString.EMPTY)
                    .build());
            responses.onCompleted();
        }
    }

    /** Says in a trailer which verdict the classifier was told. */
    private static final class SayVerdict implements ServerInterceptor {
        @Override
        public <T, R> ServerCall.Listener<T> interceptCall(
                ServerCall<T, R> call, Metadata headers, ServerCallHandler<T, R> next) {
            String verdict = headers.get(VERDICT);
            return next.startCall(
                    new ForwardingServerCall.SimpleForwardingServerCall<>(call) {
                        @Override
                        public void close(Status status, Metadata trailers) {
                            trailers.put(TRAILER, verdict == null ? "none" : verdict);
                            super.close(status, trailers);
                        }
                    },
                    headers);
        }
    }
}
