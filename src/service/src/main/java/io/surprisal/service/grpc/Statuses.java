package io.surprisal.service.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.surprisal.service.grpc.v1.Error;
import io.surprisal.service.score.Failure;

/** Failures as gRPC statuses. */
public final class Statuses {
    private static final Metadata.Key<String> RETRY_AFTER =
            Metadata.Key.of("retry-after", Metadata.ASCII_STRING_MARSHALLER);

    /** Where clients of gRPC look for more than a status: {@code google.rpc.Status}. */
    private static final Metadata.Key<com.google.rpc.Status> DETAILS = Metadata.Key.of(
            "grpc-status-details-bin", ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));

    private Statuses() {}

    /** The end of a call. */
    public static StatusRuntimeException ending(Throwable cause) {
        Failure failure = Failure.of(cause);
        Metadata trailers = new Metadata();
        failure.retryAfterSeconds().ifPresent(seconds -> {
            trailers.put(RETRY_AFTER, Long.toString(seconds));
            trailers.put(DETAILS, details(failure, seconds));
        });
        return code(failure.kind()).toStatus().withDescription(failure.detail()).asRuntimeException(trailers);
    }

    /** The answer to one message of a stream that goes on. */
    static Error message(Throwable cause) {
        Failure failure = Failure.of(cause);
        Error.Builder error =
                Error.newBuilder().setCode(code(failure.kind()).value()).setMessage(failure.detail());
        failure.retryAfterSeconds().ifPresent(error::setRetryAfterSeconds);
        return error.build();
    }

    private static com.google.rpc.Status details(Failure failure, long seconds) {
        return com.google.rpc.Status.newBuilder()
                .setCode(code(failure.kind()).value())
                .setMessage(failure.detail())
                .addDetails(Any.pack(RetryInfo.newBuilder()
                        .setRetryDelay(Duration.newBuilder().setSeconds(seconds))
                        .build()))
                .build();
    }

    private static Status.Code code(Failure.Kind kind) {
        return switch (kind) {
            case UNREADABLE_IMAGE, INVALID_REQUEST -> Status.Code.INVALID_ARGUMENT;
            case UNKNOWN_MODEL -> Status.Code.NOT_FOUND;
            case OVERLOADED, RATE_LIMITED -> Status.Code.RESOURCE_EXHAUSTED;
            case DEADLINE_EXCEEDED -> Status.Code.DEADLINE_EXCEEDED;
            case INFERENCE_FAILED, UNEXPECTED -> Status.Code.INTERNAL;
            case FORBIDDEN -> Status.Code.PERMISSION_DENIED;
            case BUNDLE_REFUSED -> Status.Code.FAILED_PRECONDITION;
            case NOT_READY -> Status.Code.UNAVAILABLE;
        };
    }
}
