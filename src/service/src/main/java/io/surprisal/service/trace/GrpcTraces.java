package io.surprisal.service.trace;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.inject.Singleton;
import java.util.Set;

/** Begins and ends the spans of calls over gRPC to what answers with verdicts; Envoy's calls are part of the requests that they are about. */
@Singleton
@GlobalInterceptor
public final class GrpcTraces implements ServerInterceptor {
    private static final Context.Key<Trace> TRACE = Context.keyWithDefault("surprisal.trace", Trace.NONE);
    private static final Set<String> SERVICES = Set.of("surprisal.v1.Scoring", "inference.GRPCInferenceService");
    private static final Set<Status.Code> OURS =
            Set.of(Status.Code.INTERNAL, Status.Code.UNAVAILABLE, Status.Code.UNKNOWN, Status.Code.DATA_LOSS);

    private final Tracing tracing;

    GrpcTraces(Tracing tracing) {
        this.tracing = tracing;
    }

    /** The span of the call that is being answered; to be asked on the thread that reads its messages. */
    public static Trace ofThisCall() {
        return TRACE.get();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String service = call.getMethodDescriptor().getServiceName();
        if (!tracing.isOn() || service == null || !SERVICES.contains(service)) {
            return next.startCall(call, headers);
        }
        String method = call.getMethodDescriptor().getFullMethodName();
        Trace trace = tracing.receive(
                        method, name -> headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)))
                .with("rpc.system", "grpc")
                .with("rpc.method", method);
        ServerCall<Q, A> traced = new SimpleForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
                trace.with("rpc.grpc.status_code", status.getCode().value());
                if (OURS.contains(status.getCode())) {
                    trace.fail(status.getCode().name());
                } else {
                    trace.end();
                }
                super.close(status, trailers);
            }
        };
        ServerCall.Listener<Q> listener =
                Contexts.interceptCall(Context.current().withValue(TRACE, trace), traced, headers, next);
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onCancel() {
                trace.fail("the caller has gone");
                super.onCancel();
            }
        };
    }
}
