package io.surprisal.service.gate.envoy;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.surprisal.service.gate.GrpcMethods;
import io.surprisal.service.gate.Refusals;
import io.surprisal.service.gate.Ruling;
import io.surprisal.service.gate.envoy.v3.BodyMutation;
import io.surprisal.service.gate.envoy.v3.BodyResponse;
import io.surprisal.service.gate.envoy.v3.CommonResponse;
import io.surprisal.service.gate.envoy.v3.GrpcStatus;
import io.surprisal.service.gate.envoy.v3.HeaderMutation;
import io.surprisal.service.gate.envoy.v3.HeaderValue;
import io.surprisal.service.gate.envoy.v3.HeadersResponse;
import io.surprisal.service.gate.envoy.v3.HttpHeaders;
import io.surprisal.service.gate.envoy.v3.HttpStatus;
import io.surprisal.service.gate.envoy.v3.ImmediateResponse;
import io.surprisal.service.gate.envoy.v3.ProcessingMode;
import io.surprisal.service.gate.envoy.v3.ProcessingMode.BodySendMode;
import io.surprisal.service.gate.envoy.v3.ProcessingRequest;
import io.surprisal.service.gate.envoy.v3.ProcessingResponse;
import io.surprisal.service.gate.envoy.v3.TrailersResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One HTTP request on its way through Envoy. Envoy sends its headers, then its whole body, then the answer's headers, and waits for an
 * answer to each: so one thing happens at a time.
 */
final class Processing implements StreamObserver<ProcessingRequest> {
    private final EnvoyGate gate;
    private final ServerCallStreamObserver<ProcessingResponse> responses;
    private final Map<String, String> headers = new HashMap<>();
    private final Set<String> repeated = new HashSet<>();
    private String path = "";
    private boolean ruled;
    private Map<String, String> verdict = Map.of();

    Processing(EnvoyGate gate, StreamObserver<ProcessingResponse> responses) {
        this.gate = gate;
        this.responses = (ServerCallStreamObserver<ProcessingResponse>) responses;
    }

    @Override
    public void onNext(ProcessingRequest message) {
        switch (message.getRequestCase()) {
            case REQUEST_HEADERS -> requestHeaders(message);
            case REQUEST_BODY -> requestBody(message.getRequestBody().getBody());
            case RESPONSE_HEADERS ->
                answer(ProcessingResponse.newBuilder()
                        .setResponseHeaders(HeadersResponse.newBuilder().setResponse(mutation())));
            case RESPONSE_BODY ->
                answer(ProcessingResponse.newBuilder().setResponseBody(BodyResponse.getDefaultInstance()));
            case REQUEST_TRAILERS ->
                answer(ProcessingResponse.newBuilder().setRequestTrailers(TrailersResponse.getDefaultInstance()));
            case RESPONSE_TRAILERS ->
                answer(ProcessingResponse.newBuilder().setResponseTrailers(TrailersResponse.getDefaultInstance()));
            case REQUEST_NOT_SET -> answer(ProcessingResponse.newBuilder());
        }
    }

    @Override
    public void onError(Throwable cause) {
        // Envoy has given this request up; there is nobody to answer.
    }

    @Override
    public void onCompleted() {
        responses.onCompleted();
    }

    private void requestHeaders(ProcessingRequest message) {
        HttpHeaders sent = message.getRequestHeaders();
        sent.getHeaders().getHeadersList().forEach(header -> {
            if (headers.put(header.getKey(), value(header)) != null) {
                repeated.add(header.getKey());
            }
        });
        path = headers.getOrDefault(":path", "").split("\\?", 2)[0];
        boolean grpc = headers.getOrDefault("content-type", "").startsWith("application/grpc");
        boolean unjudged = gate.passes(path) || grpc && GrpcMethods.bringsNoImages(path);
        if (!unjudged && grpc && GrpcMethods.streams(path)) {
            refuse(Refusals.stream());
        } else if (!unjudged && Refusals.ambiguous(repeated)) {
            refuse(Refusals.ambiguous());
        } else if (!unjudged && !sent.getEndOfStream() && !buffered(message)) {
            refuse(Refusals.partialBody("request_body_mode: BUFFERED"));
        } else {
            ProcessingResponse.Builder response = ProcessingResponse.newBuilder()
                    .setRequestHeaders(HeadersResponse.newBuilder().setResponse(mutation()));
            if (unjudged && !sent.getEndOfStream()) {
                response.setModeOverride(ProcessingMode.newBuilder().setRequestBodyMode(BodySendMode.NONE));
            }
            answer(response);
        }
    }

    /** Older versions of Envoy do not say. */
    private static boolean buffered(ProcessingRequest message) {
        return !message.hasProtocolConfig()
                || message.getProtocolConfig().getRequestBodyMode() == BodySendMode.BUFFERED;
    }

    private void requestBody(ByteString body) {
        if (ruled) {
            refuse(Refusals.partialBody("request_body_mode: BUFFERED"));
            return;
        }
        ruled = true;
        gate.rule(path, headers, body, true).thenAccept(ruling -> {
            switch (ruling) {
                case Ruling.Forward forward -> {
                    verdict = forward.headers();
                    answer(ProcessingResponse.newBuilder()
                            .setRequestBody(BodyResponse.newBuilder().setResponse(forwarded(forward))));
                }
                case Ruling.Refuse refuse -> refuse(refuse);
            }
        });
    }

    private void refuse(Ruling.Refuse refusal) {
        Map<String, String> set = new HashMap<>(refusal.headers());
        boolean grpc = headers.getOrDefault("content-type", "").startsWith("application/grpc");
        ImmediateResponse.Builder response = ImmediateResponse.newBuilder()
                .setStatus(HttpStatus.newBuilder().setCode(refusal.status()))
                .setDetails("surprisal_" + refusal.kind().replace('-', '_'));
        if (grpc) {
            response.setGrpcStatus(GrpcStatus.newBuilder().setStatus(refusal.grpcStatus()))
                    .setBody(ByteString.copyFromUtf8(refusal.detail()));
        } else {
            set.put("content-type", Refusals.MEDIA_TYPE);
            response.setBody(ByteString.copyFromUtf8(Refusals.json(refusal)));
        }
        response.setHeaders(HeaderMutation.newBuilder().addAllSetHeaders(EnvoyHeaders.raw(set)));
        answer(ProcessingResponse.newBuilder().setImmediateResponse(response));
    }

    private CommonResponse.Builder forwarded(Ruling.Forward ruling) {
        CommonResponse.Builder response = mutation().toBuilder();
        byte[] replacement = ruling.replacement();
        if (replacement != null) {
            Map<String, String> others = new HashMap<>(ruling.replacementHeaders());
            others.remove("content-length"); // Envoy's own
            response.getHeaderMutationBuilder()
                    .addAllSetHeaders(EnvoyHeaders.raw(others))
                    .addAllRemoveHeaders(Ruling.DIGESTS);
            response.setBodyMutation(BodyMutation.newBuilder().setBody(ByteString.copyFrom(replacement)));
        }
        return response;
    }

    private CommonResponse mutation() {
        List<String> others = EnvoyHeaders.others(verdict);
        return CommonResponse.newBuilder()
                .setHeaderMutation(HeaderMutation.newBuilder()
                        .addAllSetHeaders(EnvoyHeaders.raw(verdict))
                        .addAllRemoveHeaders(others))
                .build();
    }

    private synchronized void answer(ProcessingResponse.Builder response) {
        if (!responses.isCancelled()) {
            responses.onNext(response.build());
        }
    }

    private static String value(HeaderValue header) {
        return header.getRawValue().isEmpty()
                ? header.getValue()
                : header.getRawValue().toStringUtf8();
    }
}
