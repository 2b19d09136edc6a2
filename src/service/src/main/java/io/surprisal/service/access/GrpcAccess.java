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

    private final Credentials credentials;
    private final AdminPort adminPort;

    GrpcAccess(Credentials credentials, AdminPort adminPort) {
        this.credentials = credentials;
        this.adminPort = adminPort;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        if (adminPort.isSet() && ADMIN.contains(method)) {
            return closed(call, Status.PERMISSION_DENIED.withDescription(adminPort.detail()));
        }
        if (!credentials.required() || OPEN.contains(method) || method.startsWith(HEALTH)) {
            return Contexts.interceptCall(Callers.cameFrom(call), call, headers, next);
        }
        return switch (credentials.check(headers.get(API_KEY), headers.get(AUTHORIZATION), ADMIN.contains(method))) {
            case Holder holder -> Contexts.interceptCall(Callers.holds(holder.name()), call, headers, next);
            case Denial denial -> {
                Status status = denial == Denial.NO_ADMIN ? Status.PERMISSION_DENIED : Status.UNAUTHENTICATED;
                yield closed(call, status.withDescription(denial.detail()));
            }
        };
    }

    private static <Q> ServerCall.Listener<Q> closed(ServerCall<Q, ?> call, Status status) {
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
