package io.surprisal.service.access;

import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import io.surprisal.service.caller.Callers;
import jakarta.inject.Singleton;
import java.util.Set;

/** Asks for keys over gRPC, of everybody but those who only ask whether the service is well, and notes who calls. */
@Singleton
@GlobalInterceptor
final class GrpcAccess implements ServerInterceptor {
    private static final Metadata.Key<String> API_KEY = Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final String HEALTH = "grpc.health.v1.Health/";
    private static final Set<String> OPEN =
            Set.of("inference.GRPCInferenceService/ServerLive", "inference.GRPCInferenceService/ServerReady");
    private static final Set<String> ADMIN = Set.of(
            "inference.GRPCInferenceService/RepositoryModelLoad",
            "inference.GRPCInferenceService/RepositoryModelUnload");

    private final ApiKeys keys;

    GrpcAccess(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        if (!keys.required() || OPEN.contains(method) || method.startsWith(HEALTH)) {
            return Contexts.interceptCall(Callers.cameFrom(call), call, headers, next);
        }
        return switch (keys.check(headers.get(API_KEY), headers.get(AUTHORIZATION), ADMIN.contains(method))) {
            case ApiKeys.Holder holder -> Contexts.interceptCall(Callers.holds(holder.name()), call, headers, next);
            case ApiKeys.Denial denial -> {
                Status status = denial == ApiKeys.Denial.NO_ADMIN ? Status.PERMISSION_DENIED : Status.UNAUTHENTICATED;
                call.close(status.withDescription(denial.detail()), new Metadata());
                yield new ServerCall.Listener<>() {};
            }
        };
    }
}
