package io.surprisal.service.trace;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;

/** Begins and ends the spans of requests over HTTP to what answers with verdicts. */
@Singleton
public final class HttpTraces {
    private static final String TRACE = "surprisal.trace";

    /** Before all others, so that refusals are in traces too. */
    private static final int FIRST = 1_300;

    /** What is traced, and what it is called: callers could make as many names as they like of what they ask for. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("/v1/score", "score"),
            Map.entry("/v1/map", "map"),
            Map.entry("/v1/explain", "explain"),
            Map.entry("/v1/purify", "purify"),
            Map.entry("/v1/models", "models"),
            Map.entry("/v2/models", "Open Inference Protocol"),
            Map.entry("/v2/repository", "repository"));

    private final Tracing tracing;

    HttpTraces(Tracing tracing) {
        this.tracing = tracing;
    }

    /** The span of a request. */
    public static Trace of(RoutingContext routing) {
        Trace trace = routing.get(TRACE);
        return trace == null ? Trace.NONE : trace;
    }

    void register(@Observes Filters filters) {
        if (tracing.isOn()) {
            filters.register(this::begin, FIRST);
        }
    }

    private void begin(RoutingContext routing) {
        String path = routing.normalizedPath();
        String name = NAMES.get(firstTwo(path));
        if (name != null) {
            HttpServerRequest request = routing.request();
            Trace trace = tracing.receive(name, request.headers()::get)
                    .with("http.request.method", request.method().name())
                    .with("url.path", path);
            routing.put(TRACE, trace);
            routing.addEndHandler(ended -> {
                if (ended.failed()) {
                    trace.fail("the caller has gone");
                } else {
                    trace.answered(routing.response().getStatusCode());
                }
            });
        }
        routing.next();
    }

    private static String firstTwo(String path) {
        int second = path.indexOf('/', 1);
        int third = second < 0 ? -1 : path.indexOf('/', second + 1);
        return third < 0 ? path : path.substring(0, third);
    }
}
