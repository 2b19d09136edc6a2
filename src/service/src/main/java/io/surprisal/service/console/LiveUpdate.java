package io.surprisal.service.console;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.surprisal.service.metrics.ScoringMeters;
import io.surprisal.service.model.BundleState;
import io.surprisal.service.model.BundleState.Serving;
import io.surprisal.service.recent.RecentDecision;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How things stand, and what was decided since the update before.
 *
 * @param decisions oldest first
 * @param queueImages images that wait for a run of the model
 * @param answered requests that were answered, since the service started
 * @param latencies how many of them took at most so long
 * @param bundles where each bundle stands
 */
@RegisterForReflection
public record LiveUpdate(
        List<Decided> decisions,
        int queueImages,
        long answered,
        List<ScoringMeters.AtMost> latencies,
        List<Bundle> bundles) {
    /**
     * What a server-sent event is made of, for the description of the API.
     *
     * @param data an update in JSON
     */
    @Schema(name = "LiveEvent", requiredProperties = "data")
    record Event(
            @Schema(contentMediaType = "application/json", contentSchema = LiveUpdate.class)
            String data) {}

    /** A decision as the page takes it: a number that is not finite is null. */
    @RegisterForReflection
    public record Decided(
            long number,
            long atMillis,
            String model,
            String version,
            boolean flagged,
            String statistic,
            double pValue,
            double falsePositiveRate,
            @Schema(nullable = true) @Nullable Double bitsPerDimension,

            String reason) {
        static Decided of(RecentDecision decision) {
            double bits = decision.bitsPerDimension();
            return new Decided(
                    decision.number(),
                    decision.at().toEpochMilli(),
                    decision.model(),
                    decision.version(),
                    decision.flagged(),
                    decision.statistic(),
                    decision.pValue(),
                    decision.falsePositiveRate(),
                    Double.isFinite(bits) ? bits : null,
                    decision.reason());
        }
    }

    /**
     * A bundle.
     *
     * @param state {@code serving}, {@code loading}, {@code refused} or {@code unloaded}
     * @param detail the same in a sentence
     * @param drift whether images are still those of its calibration, in words; null when it does not serve
     */
    @RegisterForReflection
    public record Bundle(
            String name,
            String version,
            String state,
            String detail,
            @Schema(nullable = true) @Nullable String drift) {
        static Bundle of(BundleState state) {
            return new Bundle(
                    state.name(),
                    state.version(),
                    state.getClass().getSimpleName().toLowerCase(Locale.ROOT),
                    state.describe(),
                    state instanceof Serving serving ? serving.model().drift() : null);
        }
    }
}
