package io.surprisal.service.http;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.surprisal.service.score.Failure;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Problem details, RFC 9457.
 *
 * @param type which kind of problem, a name that stays
 * @param title the status in words
 * @param status the HTTP status
 * @param detail what was expected and what was found
 */
@JsonPropertyOrder({"type", "title", "status", "detail"})
@Schema(name = "Problem", description = "Problem details, RFC 9457.")
public record Problem(
        @Schema(examples = "urn:surprisal:problem:unreadable-image")
        String type,

        @Schema(examples = "Bad Request") String title,
        @Schema(examples = "400") int status,

        @Schema(examples = "expected an image of 28×28 grey, found 32×32 RGB")
        String detail) {
    /** The media type of problem details. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** What a request failed with. */
    static Problem of(Failure failure) {
        return of(failure.kind().name(), status(failure.kind()), failure.detail());
    }

    /**
     * The headers of a failure, by their names in lower case: {@code Retry-After} where waiting helps, and where a caller makes too many
     * requests, {@code RateLimit} and {@code RateLimit-Policy} (draft-ietf-httpapi-ratelimit-headers-09).
     */
    public static Map<String, String> headers(Failure failure) {
        Map<String, String> headers = new LinkedHashMap<>();
        failure.retryAfterSeconds().ifPresent(seconds -> {
            headers.put("retry-after", Long.toString(seconds));
            failure.policy().ifPresent(policy -> {
                headers.put("ratelimit-policy", policy.header());
                headers.put("ratelimit", "\"requests\";r=0;t=" + seconds);
            });
        });
        return headers;
    }

    private static int status(Failure.Kind kind) {
        return switch (kind) {
            case UNREADABLE_IMAGE, INVALID_REQUEST -> 400;
            case FORBIDDEN -> 403;
            case UNKNOWN_MODEL -> 404;
            case BUNDLE_REFUSED -> 422;
            case OVERLOADED, RATE_LIMITED -> 429;
            case INFERENCE_FAILED, UNEXPECTED -> 500;
            case NOT_READY -> 503;
            case DEADLINE_EXCEEDED -> 504;
        };
    }

    /** A problem of a kind, whose name stays. */
    public static Problem of(String kind, int status, String detail) {
        Response.Status known = Response.Status.fromStatusCode(status);
        String title = known == null ? "HTTP " + status : known.getReasonPhrase();
        return new Problem(
                "urn:surprisal:problem:" + kind.toLowerCase(Locale.ROOT).replace('_', '-'), title, status, detail);
    }
}
