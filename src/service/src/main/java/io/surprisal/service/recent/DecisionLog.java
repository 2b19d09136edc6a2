package io.surprisal.service.recent;

import io.surprisal.detector.bundle.BundleManifest;
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
import org.jspecify.annotations.Nullable;

/**
 * Where the decisions of all models and all doors go: the last, as many as {@code surprisal.console.decisions} says, are kept while the
 * console is on, and all go into the {@link AuditTrail} where there is one. Thread-safe.
 */
@Singleton
public final class DecisionLog {
    private final int kept;
    private final @Nullable AuditTrail trail;
    private final Deque<RecentDecision> newestFirst = new ArrayDeque<>();
    private long judged;

    @Inject
    DecisionLog(SurprisalConfig config, AuditTrail trail) {
        this(config.console().enabled() ? config.console().decisions() : 0, trail.enabled() ? trail : null);
    }

    /** One that keeps so many, without an audit trail. */
    public DecisionLog(int kept) {
        this(kept, null);
    }

    private DecisionLog(int kept, @Nullable AuditTrail trail) {
        if (kept < 0) {
            throw new IllegalArgumentException("expected surprisal.console.decisions to be 0 or more, found " + kept);
        }
        this.kept = kept;
        this.trail = trail;
    }

    /** Takes the verdicts on the next images. */
    public void judged(BundleManifest model, List<Verdict> verdicts) {
        if (kept == 0 && trail == null) {
            return;
        }
        Instant now = Instant.now();
        for (Verdict verdict : verdicts) {
            add(model, verdict, now);
        }
    }

    private synchronized void add(BundleManifest model, Verdict verdict, Instant now) {
        judged++;
        Assessment assessment = verdict.assessment();
        RecentDecision decision = new RecentDecision(
                judged,
                now,
                model.name(),
                model.version(),
                verdict.flagged(),
                assessment.decisive().name(),
                assessment.decisive().pValue().value(),
                assessment.falsePositiveRate(),
                assessment.logLikelihood().bitsPerDimension(),
                verdict.reason());
        newestFirst.addFirst(decision);
        if (newestFirst.size() > kept) {
            newestFirst.removeLast();
        }
        if (trail != null) {
            trail.add(decision);
        }
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
