package io.surprisal.service.score;

import io.surprisal.detector.verdict.Decision;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for beyond its images; null leaves it to the service.
 *
 * @param model name of the model
 * @param version version of the model
 * @param statistic name of the statistic that decides
 * @param falsePositiveRate share of clean images that may be flagged, in (0, 1)
 */
public record Choice(
        @Nullable String model,
        @Nullable String version,
        @Nullable String statistic,
        @Nullable Double falsePositiveRate) {
    /** Leaves everything to the service. */
    public static final Choice DEFAULT = new Choice(null, null, null, null);

    public Choice {
        if (falsePositiveRate != null && !(falsePositiveRate > 0 && falsePositiveRate < 1)) {
            throw new InvalidRequestException(
                    "expected a false-positive rate between 0 and 1, both excluded, got " + falsePositiveRate);
        }
    }

    /** The decision to make with a model: what is asked for here, else the model's own. */
    Decision decision(Decision fallback) {
        return new Decision(
                statistic != null ? statistic : fallback.statistic(),
                falsePositiveRate != null ? falsePositiveRate : fallback.falsePositiveRate());
    }
}
