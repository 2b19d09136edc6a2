package io.surprisal.service.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.surprisal.service.config.SurprisalConfig;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Answers a body that announces itself as too large with problem details, before a byte of it is read. One that hides its length is cut
 * off by the server at the same limit, with a bare 413.
 */
@Singleton
final class BodyLimit {
    /** Before the server's own check, which answers without a body. */
    private static final int BEFORE_THE_SERVERS_OWN = 1_000;

    private final long limit;
    private final EarlyRefusal refusal;

    BodyLimit(SurprisalConfig config, EarlyRefusal refusal) {
        this.limit = config.limits().body().asLongValue();
        this.refusal = refusal;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, BEFORE_THE_SERVERS_OWN);
    }

    private void check(RoutingContext context) {
        long length = EarlyRefusal.length(context);
        if (length <= limit) {
            context.next();
        } else {
            refusal.send(
                    context,
                    Problem.of(
                            "body-too-large",
                            413,
                            "expected a body of at most %d bytes, got %d".formatted(limit, length)));
        }
    }
}
