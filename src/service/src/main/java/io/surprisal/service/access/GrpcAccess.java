package io.surprisal.service.access;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;

/** Asks for keys over gRPC, of everybody but those who only ask whether the service is well. */
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
            return next.startCall(call, headers);
        }
        Optional<ApiKeys.Denial> denial =
                keys.check(headers.get(API_KEY), headers.get(AUTHORIZATION), ADMIN.contains(method));
        if (denial.isEmpty()) {
            return next.startCall(call, headers);
        }
        Status status = denial.get() == ApiKeys.Denial.NO_ADMIN ? Status.PERMISSION_DENIED : Status.UNAUTHENTICATED;
        call.close(status.withDescription(denial.get().detail()), new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
