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

/**
 * The last decisions of all models and all doors, as many as {@code surprisal.console.decisions} says; none while the console is off.
 * Thread-safe.
 */
@Singleton
public final class DecisionLog {
    private final int kept;
    private final Deque<RecentDecision> newestFirst = new ArrayDeque<>();
    private long judged;

    @Inject
    DecisionLog(SurprisalConfig config) {
        this(config.console().enabled() ? config.console().decisions() : 0);
    }

    /** One that keeps so many. */
    public DecisionLog(int kept) {
        if (kept < 0) {
            throw new IllegalArgumentException("expected surprisal.console.decisions to be 0 or more, found " + kept);
        }
        this.kept = kept;
    }

    /** Takes the verdicts on the next images. */
    public void judged(BundleManifest model, List<Verdict> verdicts) {
        if (kept == 0) {
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
        newestFirst.addFirst(new RecentDecision(
                judged,
                now,
                model.name(),
                model.version(),
                verdict.flagged(),
                assessment.decisive().name(),
                assessment.decisive().pValue().value(),
                assessment.falsePositiveRate(),
                assessment.logLikelihood().bitsPerDimension(),
                verdict.reason()));
        if (newestFirst.size() > kept) {
            newestFirst.removeLast();
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
