package io.surprisal.service.gate;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What becomes of a request. */
public sealed interface Ruling {
    /** Header with the verdict in one word. */
    String VERDICT = "x-surprisal-verdict";

    /** Header with the p-value of each image; only where scores are exposed. */
    String P_VALUE = "x-surprisal-p-value";

    /** Header with the bits per dimension of each image; only where scores are exposed. */
    String BITS_PER_DIMENSION = "x-surprisal-bits-per-dimension";

    /** Headers about a body that are not true of what goes on in its place (RFC 9530, 9421 and older). */
    List<String> DIGESTS =
            List.of("content-digest", "repr-digest", "digest", "content-md5", "signature", "signature-input");

    /** What was found out. */
    Outcome outcome();

    /** Headers for the classifier and for the caller. */
    Map<String, String> headers();

    /** What can be found out about a request. */
    enum Outcome {
        /** It brings no images, or goes to where nothing is judged. */
        UNTOUCHED,
        /** All its images are accepted. */
        ACCEPTED,
        /** One of its images is flagged. */
        FLAGGED,
        /** Its image is flagged, and a likelier one that is accepted goes on in its place. */
        PURIFIED,
        /** It is not one whose images can be judged, by its own fault. */
        UNREADABLE,
        /** Its caller makes more requests than one may. */
        LIMITED,
        /** The gate failed, or had no time. */
        UNJUDGED
    }

    /**
     * It goes on to the classifier.
     *
     * @param replacement a PNG file that goes on in place of the body; null: the body goes on
     */
    record Forward(Outcome outcome, Map<String, String> headers, byte @Nullable [] replacement) implements Ruling {
        /** Nothing was looked at. */
        public static final Forward UNTOUCHED = new Forward(Outcome.UNTOUCHED, Map.of());

        public Forward {
            headers = Map.copyOf(headers);
        }

        /** As it came. */
        public Forward(Outcome outcome, Map<String, String> headers) {
            this(outcome, headers, null);
        }

        /** Headers that say what the replacement is; none where there is none. */
        public Map<String, String> replacementHeaders() {
            return replacement == null
                    ? Map.of()
                    : Map.of("content-type", "image/png", "content-length", Integer.toString(replacement.length));
        }
    }

    /**
     * It is answered here.
     *
     * @param kind of problem, a name that stays
     * @param detail for the caller
     */
    record Refuse(Outcome outcome, String kind, String detail, Map<String, String> headers) implements Ruling {
        public Refuse {
            headers = Map.copyOf(headers);
        }

        /** The HTTP status that says so. */
        public int status() {
            return switch (outcome) {
                case FLAGGED -> 403;
                case UNREADABLE -> 400;
                case LIMITED -> 429;
                case UNJUDGED, UNTOUCHED, ACCEPTED, PURIFIED -> 503;
            };
        }

        /** The canonical gRPC status code that says so. */
        public int grpcStatus() {
            return switch (outcome) {
                case FLAGGED -> 7; // PERMISSION_DENIED
                case UNREADABLE -> 3; // INVALID_ARGUMENT
                case LIMITED -> 8; // RESOURCE_EXHAUSTED
                case UNJUDGED, UNTOUCHED, ACCEPTED, PURIFIED -> 14; // UNAVAILABLE
            };
        }
    }
}
