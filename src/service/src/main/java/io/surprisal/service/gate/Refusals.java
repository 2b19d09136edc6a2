package io.surprisal.service.gate;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.surprisal.service.gate.Ruling.Outcome;
import io.surprisal.service.gate.Ruling.Refuse;
import io.surprisal.service.http.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is refused for how it comes, before anybody looks for images in it; and how refusals are put into words. */
public final class Refusals {
    /** The media type of {@link #json}. */
    public static final String MEDIA_TYPE = Problem.MEDIA_TYPE;

    /** A request that says one of these twice could mean one thing to the gate and another to the classifier. */
    private static final List<String> SAID_ONCE =
            List.of("content-type", "content-encoding", "inference-header-content-length", "grpc-encoding");

    private Refusals() {}

    /** Problem details, RFC 9457. */
    public static String json(Refuse refusal) {
        return json(refusal.status(), refusal.kind(), refusal.detail());
    }

    static String json(int status, String kind, String detail) {
        Problem problem = Problem.of(kind, status, detail);
        return "{\"type\":\"%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}"
                .formatted(
                        problem.type(),
                        problem.title(),
                        status,
                        new String(JsonStringEncoder.getInstance().quoteAsString(detail)));
    }

    /** Whether one of the headers that say how to read the body is among those that are there twice. */
    public static boolean ambiguous(Set<String> repeated) {
        return SAID_ONCE.stream().anyMatch(repeated::contains);
    }

    /** Headers that can be read in two ways. */
    public static Refuse ambiguous() {
        return refuse("invalid-request", "expected each header about the body once");
    }

    /** A stream of calls. */
    public static Refuse stream() {
        return refuse("not-judged", "expected single calls, got a method that streams, which the gate does not judge");
    }

    /** A proxy that does not hand the whole body over. */
    public static Refuse partialBody(String setting) {
        return refuse("not-judged", "the gate has to see whole bodies: the proxy needs " + setting);
    }

    private static Refuse refuse(String kind, String detail) {
        return new Refuse(Outcome.UNREADABLE, kind, detail, Map.of(Ruling.VERDICT, "unreadable"));
    }
}
