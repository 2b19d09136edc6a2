package io.surprisal.service.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.surprisal.detector.verdict.StatisticResult;
import io.surprisal.detector.verdict.Verdict;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What one model's verdicts report. Thread-safe. */
public final class ModelMeters {
    /** Natural images lie between 1 and 8; what is far out of distribution goes beyond the 8 bits of a uniform guess. */
    private static final double[] BITS = {0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 7, 8, 10, 12, 16};

    /** Rates that people decide at, and enough beside them to see whether p-values are uniform. */
    private static final double[] P_VALUES = {0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 1};

    private final Counter accepted;
    private final Counter flagged;
    private final Counter screened;
    private final DistributionSummary bitsPerDimension;
    private final Map<String, DistributionSummary> pValues;

    /** @param statistics that the model is calibrated for */
    public ModelMeters(MeterRegistry registry, String model, String version, List<String> statistics) {
        Tags tags = Tags.of("model", model, "version", version);
        this.accepted = verdicts(registry, tags.and("verdict", "accepted"));
        this.flagged = verdicts(registry, tags.and("verdict", "flagged"));
        this.screened = Counter.builder("surprisal.screened")
                .description("Images that the screen of the bundle was sure of, so that the model was not asked")
                .tags(tags)
                .register(registry);
        this.bitsPerDimension = DistributionSummary.builder("surprisal.bits.per.dimension")
                .description("Surprisal of the images scored, in bits per dimension")
                .tags(tags)
                .serviceLevelObjectives(BITS)
                .register(registry);
        this.pValues = statistics.stream()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(), statistic -> pValues(registry, tags.and("statistic", statistic))));
    }

    /** Counts verdicts, and notes each image's bits per dimension and its p-value by each statistic. */
    public void judged(List<Verdict> verdicts) {
        for (Verdict verdict : verdicts) {
            (verdict.flagged() ? flagged : accepted).increment();
            if (verdict.assessment().screened()) {
                screened.increment();
            }
            bitsPerDimension.record(verdict.assessment().logLikelihood().bitsPerDimension());
            for (StatisticResult result : verdict.assessment().statistics()) {
                DistributionSummary ofStatistic = pValues.get(result.name());
                if (ofStatistic != null) {
                    ofStatistic.record(result.pValue().value());
                }
            }
        }
    }

    private static DistributionSummary pValues(MeterRegistry registry, Tags tags) {
        return DistributionSummary.builder("surprisal.p.value")
                .description(
                        "Share of held-out clean images at least as extreme as the images scored, by each statistic")
                .tags(tags)
                .serviceLevelObjectives(P_VALUES)
                .register(registry);
    }

    private static Counter verdicts(MeterRegistry registry, Tags tags) {
        return Counter.builder("surprisal.verdicts")
                .description("Images judged")
                .tags(tags)
                .register(registry);
    }
}
