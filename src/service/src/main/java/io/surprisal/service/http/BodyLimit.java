package io.surprisal.service.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.surprisal.service.config.SurprisalConfig;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers a body that announces itself as too large with problem details, before a byte of it is read. One that hides its length is cut
 * off by the server at the same limit, with a bare 413.
 */
@Singleton
final class BodyLimit {
    /** Before the server's own check, which answers without a body. */
    private static final int BEFORE_THE_SERVERS_OWN = 1_000;

    private static final String JSON = "application/json";
    private static final long SPARE_BYTES = 256L * 1024 * 1024;

    private final long limit;
    private final ObjectMapper json;

    BodyLimit(SurprisalConfig config, ObjectMapper json) {
        this.limit = config.limits().body().asLongValue();
        this.json = json;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, BEFORE_THE_SERVERS_OWN);
    }

    private void check(RoutingContext context) {
        long length = length(context.request().getHeader(HttpHeaders.CONTENT_LENGTH));
        if (length <= limit) {
            context.next();
            return;
        }
        Problem problem = Problem.of(
                "body-too-large", 413, "expected a body of at most %d bytes, got %d".formatted(limit, length));
        context.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, speaksOpenInference(context) ? JSON : Problem.MEDIA_TYPE)
                .end(text(speaksOpenInference(context) ? Map.of("error", problem.detail()) : problem));
        // The body is on its way. Closing now would reset the connection, and the caller would never see the answer:
        // unless it is out of
        // all proportion, it is received and thrown away.
        if (length <= limit + SPARE_BYTES) {
            context.request().handler(chunk -> {}).resume();
        } else {
            context.request().connection().close();
        }
    }

    private static boolean speaksOpenInference(RoutingContext context) {
        return context.normalizedPath().startsWith("/v2/");
    }

    private String text(Object problem) {
        try {
            return json.writeValueAsString(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("expected problem details to be writable as JSON", e);
        }
    }

    private static long length(@Nullable String header) {
        try {
            return header == null ? 0 : Long.parseLong(header);
        } catch (NumberFormatException e) {
            return 0; // the HTTP codec refuses it
        }
    }
}
