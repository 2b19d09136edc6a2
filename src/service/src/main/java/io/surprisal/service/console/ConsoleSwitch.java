package io.surprisal.service.console;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.surprisal.service.config.SurprisalConfig;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;

/** Takes the page away where {@code surprisal.console.enabled} is false, and keeps it to itself where it is true. */
@Singleton
final class ConsoleSwitch {
    private static final List<String> FOLDERS = List.of("/console/", "/webjars/");
    private static final List<String> PATHS = List.of("/", "/index.html");

    /** Nothing is fetched from elsewhere, nothing is sent elsewhere, and no other page shows this one in a frame. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private static final int EARLY = 900;

    private final boolean enabled;

    ConsoleSwitch(SurprisalConfig config) {
        this.enabled = config.console().enabled();
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, EARLY);
    }

    private void check(RoutingContext context) {
        String path = context.normalizedPath();
        if (!PATHS.contains(path) && FOLDERS.stream().noneMatch(path::startsWith)) {
            context.next();
        } else if (enabled) {
            context.response()
                    .putHeader("Content-Security-Policy", POLICY)
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .putHeader("Referrer-Policy", "no-referrer");
            context.next();
        } else {
            context.response().setStatusCode(404).end();
        }
    }
}
