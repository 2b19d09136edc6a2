package io.surprisal.service.recent;

import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.config.LoggedVerdicts;
import io.surprisal.service.config.SurprisalConfig;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Verdicts in the service's log, a line each, as {@code surprisal.verdict-log} says. Their members are in the mapped diagnostic context, from
 * where a log in JSON takes them. Thread-safe.
 */
@Singleton
final class VerdictLog implements DecisionSink {
    private static final Logger LOG = Logger.getLogger("io.surprisal.verdict");

    private final LoggedVerdicts which;

    VerdictLog(SurprisalConfig config) {
        this.which = config.verdictLog();
    }

    @Override
    public boolean enabled() {
        return which != LoggedVerdicts.NONE;
    }

    @Override
    public void add(RecentDecision decision, Levels images, int index) {
        if (which == LoggedVerdicts.FLAGGED && !decision.flagged()) {
            return;
        }
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
