package io.surprisal.service.trace;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Locale;

/** Begins and ends the spans of requests over HTTP to what answers with verdicts. */
@Singleton
public final class HttpTraces {
    private static final String TRACE = "surprisal.trace";

    /** Before all others, so that refusals are in traces too. */
    private static final int FIRST = 1_300;

    private static final int FIRST_SERVER_ERROR = 500;

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
        if (path.startsWith("/v1/") || path.startsWith("/v2/")) {
            HttpServerRequest request = routing.request();
            Trace trace = tracing.receive(name(request, path), request.headers()::get)
                    .with("http.request.method", request.method().name())
                    .with("url.path", path);
            routing.put(TRACE, trace);
            routing.addEndHandler(ended -> {
                int status = routing.response().getStatusCode();
                trace.with("http.response.status_code", status);
                if (ended.failed()) {
                    trace.fail("the caller has gone");
                } else if (status >= FIRST_SERVER_ERROR) {
                    trace.fail("answered " + status);
                } else {
                    trace.end();
                }
            });
        }
        routing.next();
    }

    /** Two segments of the path: with all of it, callers could make as many names as they like. */
    private static String name(HttpServerRequest request, String path) {
        String[] segments = path.split("/", 4);
        String method = request.method().name().toUpperCase(Locale.ROOT);
        return segments.length < 3 ? method : method + " /" + segments[1] + "/" + segments[2];
    }
}
