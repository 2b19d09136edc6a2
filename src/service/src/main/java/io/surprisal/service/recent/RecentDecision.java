package io.surprisal.service.recent;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One image judged, without the image.
 *
 * @param id of it alone, wherever decisions of several services are gathered
 * @param number 1 for the first since the service started
 * @param at when
 * @param model that judged
 * @param version its version
 * @param flagged whether the image was refused
 * @param statistic that decided
 * @param pValue of that statistic: the share of held-out clean images at least this extreme
 * @param falsePositiveRate it was decided at
 * @param bitsPerDimension −log2 p(x) / D; not finite for an impossible image
 * @param screened whether a screen was sure of the image and the model was not asked; null where there is no screen before the model
 * @param reason in words
 */
public record RecentDecision(
        String id,
        long number,
        Instant at,
        String model,
        String version,
        boolean flagged,
        String statistic,
        double pValue,
        double falsePositiveRate,
        double bitsPerDimension,
        @Nullable Boolean screened,
        String reason) {}
