package io.surprisal.service.recent;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.config.LoggedVerdicts;
import io.surprisal.service.config.SurprisalConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * Verdicts in the service's log, a line each, as {@code surprisal.verdict-log} says. Their members are in the mapped diagnostic context, from
 * where a log in JSON takes them. A thread of its own writes, since whoever reads the log may be slow; what comes faster than it is read is
 * counted ({@code surprisal_verdict_log_lost_total}). Thread-safe.
 */
@Singleton
final class VerdictLog implements DecisionSink {
    private static final Logger LOG = Logger.getLogger("io.surprisal.verdict");

    private static final int QUEUE = 16_384;
    private static final int TOGETHER = 64;

    private final LoggedVerdicts which;
    private final @Nullable Outbox<RecentDecision> outbox;

    VerdictLog(SurprisalConfig config, MeterRegistry registry) {
        this.which = config.verdictLog();
        this.outbox = which == LoggedVerdicts.NONE ? null : outbox(registry);
    }

    private static Outbox<RecentDecision> outbox(MeterRegistry registry) {
        Tally tally = new Tally(
                "verdicts of the log",
                registry.counter("surprisal.verdict.log.written"),
                registry.counter("surprisal.verdict.log.lost"));
        return new Outbox<>("surprisal-verdict-log", QUEUE, TOGETHER, tally, new Writer(tally));
    }

    @Override
    public boolean enabled() {
        return outbox != null;
    }

    /** Last, when nothing is judged any more. */
    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) ShutdownEvent stop) throws InterruptedException {
        if (outbox != null) {
            outbox.stop();
        }
    }

    @Override
    public void add(RecentDecision decision, Levels images, int index) {
        if (outbox != null && (which == LoggedVerdicts.ALL || decision.flagged())) {
            outbox.offer(decision);
        }
    }

    private record Writer(Tally tally) implements Outbox.Carrier<RecentDecision> {
        @Override
        public void carry(List<RecentDecision> decisions) {
            decisions.forEach(VerdictLog::log);
            tally.handedOn(decisions.size());
        }

        @Override
        public void close() {}
    }

    private static void log(RecentDecision decision) {
        Map<String, Object> members = Map.of(
                "verdict", decision.id(),
                "model", decision.model(),
                "version", decision.version(),
                "flagged", decision.flagged(),
                "statistic", decision.statistic(),
                "pValue", decision.pValue(),
                "falsePositiveRate", decision.falsePositiveRate(),
                "bitsPerDimension", decision.bitsPerDimension());
        members.forEach(MDC::put);
        try {
            LOG.infof(
                    "%s by %s/%s (%s): %s",
                    decision.flagged() ? "flagged" : "accepted",
                    decision.model(),
                    decision.version(),
                    decision.id(),
                    decision.reason());
        } finally {
            members.keySet().forEach(MDC::remove);
        }
    }
}
