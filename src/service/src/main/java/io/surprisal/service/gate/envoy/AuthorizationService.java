package io.surprisal.service.gate.envoy;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.surprisal.service.gate.GrpcMethods;
import io.surprisal.service.gate.Refusals;
import io.surprisal.service.gate.Ruling;
import io.surprisal.service.gate.envoy.v3.AttributeContext.HttpRequest;
import io.surprisal.service.gate.envoy.v3.AuthorizationGrpc;
import io.surprisal.service.gate.envoy.v3.CheckRequest;
import io.surprisal.service.gate.envoy.v3.CheckResponse;
import io.surprisal.service.gate.envoy.v3.DeniedHttpResponse;
import io.surprisal.service.gate.envoy.v3.HttpStatus;
import io.surprisal.service.gate.envoy.v3.OkHttpResponse;
import io.surprisal.service.gate.envoy.v3.Status;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Envoy's {@code ext_authz}: one call for each HTTP request, with its body. Runs on the event loop; nothing in it blocks. */
@GrpcService
public class AuthorizationService extends AuthorizationGrpc.AuthorizationImplBase {
    private static final int PERMISSION_DENIED = 7;

    /** Envoy's own header: whether it had to cut the body; not there when it sends none. */
    private static final String PARTIAL_BODY = "x-envoy-auth-partial-body";

    /** Methods whose requests may name a content type without having a body. */
    private static final Set<String> BODILESS = Set.of("GET", "HEAD", "OPTIONS");

    private final EnvoyGate gate;

    AuthorizationService(EnvoyGate gate) {
        this.gate = gate;
    }

    @Override
    public void check(CheckRequest request, StreamObserver<CheckResponse> responses) {
        ServerCallStreamObserver<CheckResponse> call = (ServerCallStreamObserver<CheckResponse>) responses;
        rule(request.getAttributes().getRequest().getHttp()).thenAccept(ruling -> {
            if (!call.isCancelled()) {
                call.onNext(response(ruling));
                call.onCompleted();
            }
        });
    }

    private CompletableFuture<Ruling> rule(HttpRequest request) {
        Map<String, String> headers = request.getHeadersMap();
        ByteString body = request.getRawBody().isEmpty() ? request.getBodyBytes() : request.getRawBody();
        String path = request.getPath().split("\\?", 2)[0];
        boolean grpc = headers.getOrDefault("content-type", "").startsWith("application/grpc");
        if (gate.passes(path) || grpc && GrpcMethods.bringsNoImages(path)) {
            return CompletableFuture.completedFuture(Ruling.Forward.UNTOUCHED);
        }
        if (grpc && GrpcMethods.streams(path)) {
            return CompletableFuture.completedFuture(Refusals.stream());
        }
        if (!whole(request.getMethod(), headers, body)) {
            return CompletableFuture.completedFuture(
                    Refusals.partialBody("with_request_body, with pack_as_bytes and enough max_request_bytes"));
        }
        return gate.rule(path, headers, body, false);
    }

    /** Whether the body that came is all there is. */
    private static boolean whole(String method, Map<String, String> headers, ByteString body) {
        String length = headers.getOrDefault("content-length", "0");
        boolean none = length.equals("0");
        return switch (headers.getOrDefault(PARTIAL_BODY, "")) {
            case "false" -> none || length.equals(Integer.toString(body.size()));
            case "true" -> false;
            default ->
                none
                        && !headers.containsKey("transfer-encoding")
                        && (BODILESS.contains(method) || !headers.containsKey("content-type"));
        };
    }

    private static CheckResponse response(Ruling ruling) {
        return switch (ruling) {
            case Ruling.Forward(Ruling.Outcome outcome, Map<String, String> headers, byte[] none) ->
                CheckResponse.newBuilder()
                        .setStatus(Status.getDefaultInstance())
                        .setOkResponse(OkHttpResponse.newBuilder()
                                .addAllHeaders(EnvoyHeaders.text(headers))
                                .addAllHeadersToRemove(EnvoyHeaders.others(headers))
                                .addAllResponseHeadersToAdd(EnvoyHeaders.text(headers)))
                        .build();
            case Ruling.Refuse refuse -> {
                Map<String, String> headers = new HashMap<>(refuse.headers());
                headers.put("content-type", Refusals.MEDIA_TYPE);
                yield CheckResponse.newBuilder()
                        .setStatus(
                                Status.newBuilder().setCode(PERMISSION_DENIED).setMessage(refuse.detail()))
                        .setDeniedResponse(DeniedHttpResponse.newBuilder()
                                .setStatus(HttpStatus.newBuilder().setCode(refuse.status()))
                                .addAllHeaders(EnvoyHeaders.text(headers))
                                .setBody(Refusals.json(refuse)))
                        .build();
            }
        };
    }
}
