package io.surprisal.service.gate;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.trace.Tracing;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * The reverse proxy: listens where clients call the classifier, HTTP/1.1 and HTTP/2 on one port. It is there when
 * {@code surprisal.gate.upstream} is.
 */
@Singleton
public class GateServer {
    private static final Logger LOG = Logger.getLogger(GateServer.class);

    /** Before the models are closed, which still have to judge what has been taken. */
    private static final int BEFORE_THE_MODELS = 1;

    private final SurprisalConfig config;
    private final Gate gate;
    private final GateTls tls;
    private final Tracing tracing;
    private final Vertx vertx;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile int port;
    private volatile boolean stopping;

    GateServer(SurprisalConfig config, Gate gate, GateTls tls, Tracing tracing, Vertx vertx) {
        this.config = config;
        this.gate = gate;
        this.tls = tls;
        this.tracing = tracing;
        this.vertx = vertx;
    }

    /** The port it listens on; 0 while it does not. */
    public int port() {
        return port;
    }

    void start(@Observes StartupEvent start) throws Exception {
        if (config.gate().upstream().isEmpty()) {
            return;
        }
        // One event loop a core, each with its own connections to the classifier.
        int loops = Runtime.getRuntime().availableProcessors();
        if (config.gate().port() == 0) {
            loops = 1; // several would get several ports
        }
        vertx.deployVerticle(Loop::new, new DeploymentOptions().setInstances(loops))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        LOG.infof(
                "gate on port %d%s in front of %s",
                port, tls.isSpoken() ? " (TLS)" : "", config.gate().upstream().get());
    }

    /** Answers what has been taken, within the time that stopping may take; connections are closed after their next answer. */
    void stop(@Observes @Priority(BEFORE_THE_MODELS) ShutdownEvent stop) {
        stopping = true;
        long deadline = System.nanoTime() + config.batch().drainTimeout().toNanos();
        while (inFlight.get() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    private final class Loop extends AbstractVerticle {
        @Override
        public void start(Promise<Void> started) {
            GateProxy proxy = new GateProxy(
                    gate,
                    tracing,
                    new Upstream(vertx, config.gate(), tls),
                    Math.toIntExact(config.limits().body().asLongValue()),
                    inFlight,
                    () -> stopping);
            HttpServerOptions options = new HttpServerOptions()
                    .setHost(config.gate().host())
                    .setPort(config.gate().port())
                    .setHandle100ContinueAutomatically(true)
                    .setIdleTimeout((int) config.gate().idleTimeout().toSeconds());
            tls.configure(options);
            HttpServer server = vertx.createHttpServer(options).requestHandler(proxy::handle);
            tls.watch(server);
            server.listen()
                    .onSuccess(listening -> port = listening.actualPort())
                    .<Void>mapEmpty()
                    .onComplete(started);
        }
    }
}
