package io.surprisal.service.recent;

import io.quarkus.arc.All;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.calibration.Stage;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.verdict.Assessment;
import io.surprisal.detector.verdict.Verdict;
import io.surprisal.service.config.SurprisalConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/**
 * Where the decisions of all models and all doors go: the last, as many as {@code surprisal.console.decisions} says, are kept while the
 * console is on, and all go to each {@link DecisionSink} that wants them. Thread-safe.
 */
@Singleton
public final class DecisionLog {
    /** Drawn at the start, so that ids of one start are no other's. */
    private final UUID started = UUID.randomUUID();

    private final int kept;
    private final List<DecisionSink> sinks;
    private final Deque<RecentDecision> newestFirst = new ArrayDeque<>();
    private long judged;

    @Inject
    DecisionLog(SurprisalConfig config, @All List<DecisionSink> sinks) {
        this(config.console().enabled() ? config.console().decisions() : 0, sinks);
    }

    /** One that keeps so many, and hands none on. */
    public DecisionLog(int kept) {
        this(kept, List.of());
    }

    private DecisionLog(int kept, List<DecisionSink> sinks) {
        if (kept < 0) {
            throw new IllegalArgumentException("expected surprisal.console.decisions to be 0 or more, found " + kept);
        }
        this.kept = kept;
        this.sinks = sinks.stream().filter(DecisionSink::enabled).toList();
    }

    /** Takes the verdicts on the next images. */
    public void judged(BundleManifest model, Levels images, List<Verdict> verdicts) {
        if (kept == 0 && sinks.isEmpty()) {
            return;
        }
        Instant now = Instant.now();
        for (int image = 0; image < verdicts.size(); image++) {
            add(model, images, image, verdicts.get(image), now);
        }
    }

    private synchronized void add(BundleManifest model, Levels images, int image, Verdict verdict, Instant now) {
        judged++;
        Assessment assessment = verdict.assessment();
        RecentDecision decision = new RecentDecision(
                started + "-" + judged,
                judged,
                now,
                model.name(),
                model.version(),
                verdict.flagged(),
                assessment.decisive().name(),
                assessment.decisive().pValue().value(),
                assessment.falsePositiveRate(),
                assessment.logLikelihood().bitsPerDimension(),
                assessment.stage().map(Stage::byScreen).orElse(null),
                verdict.reason());
        newestFirst.addFirst(decision);
        if (newestFirst.size() > kept) {
            newestFirst.removeLast();
        }
        sinks.forEach(sink -> sink.add(decision, images, image));
    }

    /**
     * The decisions after one, oldest first.
     *
     * @param number of the last that is known; 0 for none
     */
    public synchronized List<RecentDecision> after(long number) {
        List<RecentDecision> newer = new ArrayList<>();
        for (RecentDecision decision : newestFirst) {
            if (decision.number() <= number) {
                break;
            }
            newer.add(decision);
        }
        return newer.reversed();
    }
}
