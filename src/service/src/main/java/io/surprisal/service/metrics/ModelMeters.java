package io.surprisal.service.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.surprisal.detector.verdict.Verdict;
import java.util.List;

/** What one model's verdicts report. Thread-safe. */
public final class ModelMeters {
    /** Natural images lie between 1 and 8; what is far out of distribution goes beyond the 8 bits of a uniform guess. */
    private static final double[] BITS = {0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 7, 8, 10, 12, 16};

    private final Counter accepted;
    private final Counter flagged;
    private final DistributionSummary bitsPerDimension;

    public ModelMeters(MeterRegistry registry, String model, String version) {
        Tags tags = Tags.of("model", model, "version", version);
        this.accepted = verdicts(registry, tags.and("verdict", "accepted"));
        this.flagged = verdicts(registry, tags.and("verdict", "flagged"));
        this.bitsPerDimension = DistributionSummary.builder("surprisal.bits.per.dimension")
                .description("Surprisal of the images scored, in bits per dimension")
                .tags(tags)
                .serviceLevelObjectives(BITS)
                .register(registry);
    }

    /** Counts verdicts and notes each image's bits per dimension. */
    public void judged(List<Verdict> verdicts) {
        for (Verdict verdict : verdicts) {
            (verdict.flagged() ? flagged : accepted).increment();
            bitsPerDimension.record(verdict.assessment().logLikelihood().bitsPerDimension());
        }
    }

    private static Counter verdicts(MeterRegistry registry, Tags tags) {
        return Counter.builder("surprisal.verdicts")
                .description("Images judged")
                .tags(tags)
                .register(registry);
    }
}
