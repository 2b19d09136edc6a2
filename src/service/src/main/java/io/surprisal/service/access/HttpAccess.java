package io.surprisal.service.access;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.surprisal.service.caller.Callers;
import io.surprisal.service.http.EarlyRefusal;
import io.surprisal.service.http.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;

/** Asks for keys over HTTP, of everybody but those who only ask whether the service is well. */
@Singleton
final class HttpAccess {
    /** Before the size of the body is judged. */
    private static final int FIRST = 1_100;

    private static final Set<String> OPEN = Set.of("/q/health", "/v2/health/live", "/v2/health/ready");
    private static final String OPEN_BELOW = "/q/health/";
    private static final String REPOSITORY = "/v2/repository";
    private static final String INDEX = "/v2/repository/index";

    private final Credentials credentials;
    private final EarlyRefusal refusal;

    HttpAccess(Credentials credentials, EarlyRefusal refusal) {
        this.credentials = credentials;
        this.refusal = refusal;
    }

    void register(@Observes Filters filters) {
        if (credentials.required()) {
            filters.register(this::check, FIRST);
        }
    }

    private void check(RoutingContext context) {
        String path = context.normalizedPath();
        if (isOpen(path)) {
            context.next();
            return;
        }
        HttpServerRequest request = context.request();
        switch (credentials.check(
                request.getHeader("x-api-key"), request.getHeader(HttpHeaders.AUTHORIZATION), needsAdmin(path))) {
            case Denial denial -> refuse(context, denial);
            case Holder holder -> {
                Callers.holds(context, holder.name());
                context.next();
            }
        }
    }

    private void refuse(RoutingContext context, Denial denial) {
        boolean known = denial == Denial.NO_ADMIN;
        if (!known) {
            context.response().putHeader("www-authenticate", "Bearer");
        }
        refusal.send(context, Problem.of(known ? "forbidden" : "unauthenticated", known ? 403 : 401, denial.detail()));
    }

    /** Parameters in a path are read by some and not by others: such a path is nothing that needs no key. */
    private static boolean isOpen(String path) {
        return !path.contains(";") && (OPEN.contains(path) || path.startsWith(OPEN_BELOW));
    }

    /** Whether a path may change what is served. */
    static boolean needsAdmin(String path) {
        return path.contains(";") || path.startsWith(REPOSITORY) && !path.equals(INDEX);
    }
}
