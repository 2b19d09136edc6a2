package io.surprisal.service.access;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.surprisal.service.config.EmptySettings;
import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.http.EarlyRefusal;
import io.surprisal.service.http.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The port on which alone models are loaded and unloaded, where {@code surprisal.access.admin-port} is set. A second door to the same
 * routes: keys are asked for there as elsewhere.
 */
@Singleton
final class AdminPort {
    private static final Logger LOG = Logger.getLogger(AdminPort.class);

    private static final String SETTING = "surprisal.access.admin-port";

    /** Before keys are asked for: what is refused on a port is refused to everybody. */
    private static final int FIRST = 1_200;

    private final OptionalInt wanted;
    private final String host;
    private final EarlyRefusal refusal;
    private final Vertx vertx;
    private volatile int port;
    private volatile @Nullable HttpServer server;

    AdminPort(
            SurprisalConfig config,
            @ConfigProperty(name = "quarkus.http.port") int http,
            @ConfigProperty(name = "quarkus.http.ssl-port") int https,
            EarlyRefusal refusal,
            Vertx vertx) {
        EmptySettings.refuse(SETTING);
        // Vert.x has servers of one address share what comes: everybody would be on this port.
        config.access().adminPort().stream()
                .filter(port -> port != 0
                        && (port == http
                                || port == https
                                || port == config.gate().port()))
                .findAny()
                .ifPresent(port -> {
                    throw new IllegalArgumentException(
                            "expected %s to be a port of its own, found %d".formatted(SETTING, port));
                });
        if (isSpokenInTheClear(config.access())) {
            throw new IllegalArgumentException(
                    "expected surprisal.access.admin-host to be an address of this machine alone, since the port speaks no TLS and surprisal.access.client-certificates is true; found %s"
                            .formatted(config.access().adminHost()));
        }
        this.wanted = config.access().adminPort();
        this.host = config.access().adminHost();
        this.refusal = refusal;
        this.vertx = vertx;
    }

    /** Beside an open port without TLS, asking for certificates would keep nobody out. */
    private static boolean isSpokenInTheClear(SurprisalConfig.Access access) {
        return access.adminPort().isPresent() && access.clientCertificates() && !Loopback.is(access.adminHost());
    }

    /** Whether there is one. */
    boolean isSet() {
        return wanted.isPresent();
    }

    /** What those are told who come to another port. */
    String detail() {
        return "expected this on the port of " + SETTING + ", over HTTP; got it on another";
    }

    void register(@Observes Filters filters) {
        if (isSet()) {
            filters.register(this::check, FIRST);
        }
    }

    void start(@Observes StartupEvent start) throws Exception {
        if (!isSet()) {
            return;
        }
        HttpServer listening = vertx.createHttpServer(
                        new HttpServerOptions().setHost(host).setPort(wanted.getAsInt()))
                .requestHandler(request -> VertxHttpRecorder.getRootHandler().handle(request))
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        server = listening;
        port = listening.actualPort();
        LOG.infof("models can be loaded and unloaded on %s:%d alone", host, port);
    }

    void stop(@Observes ShutdownEvent stop) {
        HttpServer listening = server;
        if (listening != null) {
            listening.close();
        }
    }

    private void check(RoutingContext context) {
        // The port itself, and not what a proxy says it is.
        boolean here = context.request().connection().localAddress(true).port() == port;
        if (here || !HttpAccess.needsAdmin(context.normalizedPath())) {
            context.next();
        } else {
            refusal.send(context, Problem.of("forbidden", 403, detail()));
        }
    }
}
