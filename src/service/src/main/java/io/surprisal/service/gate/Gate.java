package io.surprisal.service.gate;

import io.surprisal.service.config.GateMode;
import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.gate.form.Forms;
import io.surprisal.service.score.Failure;
import io.surprisal.service.score.Images;
import io.surprisal.service.score.Scored;
import io.surprisal.service.score.Scoring;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Rules on requests, however they come to the gate: finds their images, has them judged, and applies the policy of the route.
 *
 * <p>A ruling comes within the route's deadline, whatever happens: what cannot be judged by then is ruled on by policy. Never blocks; the
 * futures never fail, and complete on a thread that must not be held up. Thread-safe.
 */
@Singleton
public class Gate {
    private static final Logger LOG = Logger.getLogger(Gate.class);

    /** A body that an event loop can parse without keeping others waiting. */
    private static final int QUICK_BYTES = 64 * 1024;

    private final Scoring scoring;
    private final Forms forms;
    private final GateRoutes routes;
    private final Rulings rulings;
    private final GateMeters meters;
    private final ExecutorService parsers = Executors.newVirtualThreadPerTaskExecutor();

    Gate(Scoring scoring, Forms forms, GateMeters meters, SurprisalConfig config) {
        this.scoring = scoring;
        this.forms = forms;
        this.meters = meters;
        this.routes = GateRoutes.of(config.gate());
        this.rulings = new Rulings(config.gate().exposeScores());
    }

    /** Whether requests to a path go on without being looked at. */
    public boolean passes(String path) {
        return routes.of(path).mode() == GateMode.PASS;
    }

    /** Rules on a request. */
    public CompletableFuture<Ruling> rule(GatedRequest request) {
        GateRoute route = routes.of(request.path());
        if (route.mode() == GateMode.PASS || request.body().length == 0) {
            return CompletableFuture.completedFuture(Ruling.Forward.UNTOUCHED);
        }
        long begun = System.nanoTime();
        CompletableFuture<Ruling> ruling = new CompletableFuture<>();
        if (request.body().length <= QUICK_BYTES) {
            judge(request, route, ruling);
        } else {
            parsers.execute(() -> judge(request, route, ruling));
        }
        ruling.completeOnTimeout(rulings.late(route), route.deadline().toNanos(), TimeUnit.NANOSECONDS);
        return ruling.whenComplete((ruled, failure) -> {
            meters.ruled(ruled, System.nanoTime() - begun);
            if (ruled instanceof Ruling.Forward && ruled.outcome() == Ruling.Outcome.UNJUDGED) {
                LOG.warnf("let through unjudged: %s", request.path());
            }
        });
    }

    private void judge(GatedRequest request, GateRoute route, CompletableFuture<Ruling> ruling) {
        try {
            Images images = forms.images(request);
            CompletableFuture<Scored> scored =
                    scoring.score(images, route.choice().by(request.caller()));
            scored.whenComplete((result, failure) -> {
                if (!ruling.isDone()) {
                    ruling.complete(
                            failure == null ? rulings.of(route, result) : rulings.of(route, Failure.of(failure)));
                }
            });
            ruling.whenComplete((ruled, failure) -> scored.cancel(false));
        } catch (RuntimeException | OutOfMemoryError e) {
            ruling.complete(rulings.of(route, Failure.of(e)));
        }
    }

    @PreDestroy
    void stop() {
        parsers.shutdown();
    }
}
