package io.surprisal.service.grpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.surprisal.service.grpc.v1.Error;
import io.surprisal.service.score.Failure;

/** Failures as gRPC statuses. */
public final class Statuses {
    private static final Metadata.Key<String> RETRY_AFTER =
            Metadata.Key.of("retry-after", Metadata.ASCII_STRING_MARSHALLER);

    private Statuses() {}

    /** The end of a call. */
    public static StatusRuntimeException ending(Throwable cause) {
        Failure failure = Failure.of(cause);
        Metadata trailers = new Metadata();
        failure.retryAfter().ifPresent(wait -> trailers.put(RETRY_AFTER, Long.toString(wait.toSeconds())));
        return code(failure.kind()).toStatus().withDescription(failure.detail()).asRuntimeException(trailers);
    }

    /** The answer to one message of a stream that goes on. */
    static Error message(Throwable cause) {
        Failure failure = Failure.of(cause);
        Error.Builder error =
                Error.newBuilder().setCode(code(failure.kind()).value()).setMessage(failure.detail());
        failure.retryAfter().ifPresent(wait -> error.setRetryAfterSeconds(wait.toSeconds()));
        return error.build();
    }

    private static Status.Code code(Failure.Kind kind) {
        return switch (kind) {
            case UNREADABLE_IMAGE, INVALID_REQUEST -> Status.Code.INVALID_ARGUMENT;
            case UNKNOWN_MODEL -> Status.Code.NOT_FOUND;
            case OVERLOADED -> Status.Code.RESOURCE_EXHAUSTED;
            case DEADLINE_EXCEEDED -> Status.Code.DEADLINE_EXCEEDED;
            case INFERENCE_FAILED, UNEXPECTED -> Status.Code.INTERNAL;
            case FORBIDDEN -> Status.Code.PERMISSION_DENIED;
            case BUNDLE_REFUSED -> Status.Code.FAILED_PRECONDITION;
            case NOT_READY -> Status.Code.UNAVAILABLE;
        };
    }
}
