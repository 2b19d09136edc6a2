package io.surprisal.service.gate;

import io.surprisal.service.config.GateMode;
import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.gate.form.Forms;
import io.surprisal.service.score.Choice;
import io.surprisal.service.score.Failure;
import io.surprisal.service.score.Images;
import io.surprisal.service.score.Purified;
import io.surprisal.service.score.Scored;
import io.surprisal.service.score.Scoring;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
    private final int purifyEpsilon;
    private final ExecutorService parsers = Executors.newVirtualThreadPerTaskExecutor();

    Gate(Scoring scoring, Forms forms, GateMeters meters, SurprisalConfig config) {
        this.scoring = scoring;
        this.forms = forms;
        this.meters = meters;
        this.routes = GateRoutes.of(config.gate());
        this.purifyEpsilon = config.gate().purifyEpsilon();
        if (purifyEpsilon < 1 || purifyEpsilon > Scoring.LARGEST_EPSILON) {
            throw new IllegalArgumentException("expected surprisal.gate.purify-epsilon to be 1 to %d levels, found %d"
                    .formatted(Scoring.LARGEST_EPSILON, purifyEpsilon));
        }
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
        // What holds when the time is up: a request that has been found flagged is that, also while a likelier image is
        // looked for.
        AtomicReference<Ruling> fallback = new AtomicReference<>(rulings.late(route));
        if (request.body().length <= QUICK_BYTES) {
            judge(request, route, ruling, fallback);
        } else {
            parsers.execute(() -> judge(request, route, ruling, fallback));
        }
        return ruling.orTimeout(route.deadline().toNanos(), TimeUnit.NANOSECONDS)
                .exceptionally(late -> fallback.get())
                .whenComplete((ruled, failure) -> {
                    meters.ruled(ruled, System.nanoTime() - begun);
                    request.caller()
                            .trace()
                            .with("surprisal.verdict", ruled.outcome().name().toLowerCase(Locale.ROOT));
                    if (ruled instanceof Ruling.Forward && ruled.outcome() == Ruling.Outcome.UNJUDGED) {
                        LOG.warnf("let through unjudged: %s", request.path());
                    }
                });
    }

    private void judge(
            GatedRequest request, GateRoute route, CompletableFuture<Ruling> ruling, AtomicReference<Ruling> fallback) {
        try {
            Images images = forms.images(request);
            Choice choice = route.choice().by(request.caller());
            CompletableFuture<Scored> scored = scoring.score(images, choice);
            scored.whenComplete((result, failure) -> {
                if (ruling.isDone()) {
                    return;
                }
                Ruling judged = failure == null ? rulings.of(route, result) : rulings.of(route, Failure.of(failure));
                Optional<byte[]> file = judged.outcome() == Ruling.Outcome.FLAGGED && route.mode() == GateMode.PURIFY
                        ? onlyFile(request, images)
                        : Optional.empty();
                if (file.isPresent()) {
                    fallback.set(judged);
                    purify(file.get(), choice, judged, ruling);
                } else {
                    ruling.complete(judged);
                }
            });
            ruling.whenComplete((ruled, failure) -> scored.cancel(false));
        } catch (RuntimeException | OutOfMemoryError e) {
            ruling.complete(rulings.of(route, Failure.of(e)));
        }
    }

    /** The image file that a request is, where another can go on in its place: the body as it came, and nothing within it. */
    private static Optional<byte[]> onlyFile(GatedRequest request, Images images) {
        return request.replaceable()
                        && images instanceof Images.Encoded(List<byte[]> files)
                        && files.size() == 1
                        && files.getFirst() == request.body()
                ? Optional.of(files.getFirst())
                : Optional.empty();
    }

    /** Never blocks; gives the ruling that there was unless a likelier image is found that is accepted. */
    private void purify(byte[] file, Choice choice, Ruling before, CompletableFuture<Ruling> ruling) {
        CompletableFuture<Purified> purified;
        try {
            purified = scoring.purify(file, purifyEpsilon, choice);
        } catch (RuntimeException e) {
            purified = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Purified> pending = purified;
        pending.whenComplete((result, failure) -> {
            if (failure != null) {
                LOG.debugf("could not purify: %s", failure);
            }
            ruling.complete(failure != null || result.after().flagged() ? before : rulings.purified(result));
        });
        ruling.whenComplete((ruled, failure) -> pending.cancel(false));
    }

    @PreDestroy
    void stop() {
        parsers.shutdown();
    }
}
