package io.surprisal.service.score;

import io.surprisal.detector.calibration.TooFewCleanImagesException;
import io.surprisal.detector.calibration.UnknownStatisticException;
import io.surprisal.detector.density.InferenceException;
import io.surprisal.detector.image.UnreadableImageException;
import io.surprisal.service.batch.QueueFullException;
import io.surprisal.service.batch.StoppingException;
import io.surprisal.service.caller.RateExceededException;
import io.surprisal.service.caller.RatePolicy;
import io.surprisal.service.model.BundleRefusedException;
import io.surprisal.service.model.ModelNotReadyException;
import io.surprisal.service.model.RepositoryClosedException;
import io.surprisal.service.model.UnknownModelException;
import java.io.CharConversionException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Why a request got no verdicts, in words every transport has a status for.
 *
 * @param kind what sort of failure
 * @param detail what was expected and what was found, for the caller
 * @param retryAfter how long to wait before trying again, where waiting helps
 * @param policy how many requests a caller may make, where it has made more
 */
public record Failure(Kind kind, String detail, Optional<Duration> retryAfter, Optional<RatePolicy> policy) {
    private static final Logger LOG = Logger.getLogger(Failure.class);

    /** The sorts of failure. */
    public enum Kind {
        UNREADABLE_IMAGE,
        INVALID_REQUEST,
        UNKNOWN_MODEL,
        OVERLOADED,
        RATE_LIMITED,
        DEADLINE_EXCEEDED,
        INFERENCE_FAILED,
        NOT_READY,
        BUNDLE_REFUSED,
        FORBIDDEN,
        UNEXPECTED
    }

    /** Classifies what a request failed with; only what nobody foresaw, or what is the model's own fault, is logged. */
    public static Failure of(Throwable cause) {
        return switch (cause) {
            case CompletionException wrapper when wrapper.getCause() != null -> of(wrapper.getCause());
            case UnreadableImageException e -> new Failure(Kind.UNREADABLE_IMAGE, e);
            case InvalidRequestException e -> new Failure(Kind.INVALID_REQUEST, e);
            case UnknownStatisticException e -> new Failure(Kind.INVALID_REQUEST, e);
            case TooFewCleanImagesException e -> new Failure(Kind.INVALID_REQUEST, e);
            case UnknownModelException e -> new Failure(Kind.UNKNOWN_MODEL, e);
            case ModelNotReadyException e -> new Failure(Kind.NOT_READY, e);
            case BundleRefusedException e -> new Failure(Kind.BUNDLE_REFUSED, e);
            case RepositoryClosedException e -> new Failure(Kind.FORBIDDEN, e);
            case StoppingException e -> new Failure(Kind.NOT_READY, e);
            case CharConversionException e ->
                new Failure(
                        Kind.INVALID_REQUEST,
                        "expected JSON, got bytes that are no text: " + e.getMessage(),
                        Optional.empty());
            case QueueFullException e -> new Failure(Kind.OVERLOADED, message(e), Optional.of(e.retryAfter()));
            case RateExceededException e ->
                new Failure(Kind.RATE_LIMITED, message(e), Optional.of(e.retryAfter()), Optional.of(e.policy()));
            case TimeoutException e ->
                new Failure(
                        Kind.DEADLINE_EXCEEDED,
                        "no verdict in the time the request gave; what waited of it was not evaluated",
                        Optional.empty());
            case InferenceException e -> {
                LOG.error(e.getMessage());
                yield new Failure(Kind.INFERENCE_FAILED, e);
            }
            case Throwable e -> {
                LOG.error("unexpected failure", e);
                yield new Failure(
                        Kind.UNEXPECTED,
                        "the service failed in a way it did not foresee; its log has more",
                        Optional.empty());
            }
        };
    }

    /** The time to wait in whole seconds, at least 1: who comes back then is not too early. */
    public OptionalLong retryAfterSeconds() {
        return retryAfter
                .map(wait ->
                        OptionalLong.of(Math.max(1, wait.plusNanos(999_999_999).toSeconds())))
                .orElse(OptionalLong.empty());
    }

    private Failure(Kind kind, String detail, Optional<Duration> retryAfter) {
        this(kind, detail, retryAfter, Optional.empty());
    }

    private Failure(Kind kind, Throwable cause) {
        this(kind, message(cause), Optional.empty());
    }

    private static String message(Throwable cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
