package io.surprisal.service.score;

import io.surprisal.detector.verdict.Decision;
import io.surprisal.service.caller.Claim;
import io.surprisal.service.config.Priority;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for beyond its images; null leaves it to the service.
 *
 * @param model name of the model
 * @param version version of the model
 * @param statistic name of the statistic that decides
 * @param falsePositiveRate share of clean images that may be flagged, in (0, 1)
 * @param claim in whose name, and how urgently
 * @param timeout how long the caller waits for an answer, above zero
 * @param settled whether the settings say all this, and not a caller
 */
public record Choice(
        @Nullable String model,
        @Nullable String version,
        @Nullable String statistic,
        @Nullable Double falsePositiveRate,
        Claim claim,
        @Nullable Duration timeout,
        boolean settled) {
    /** Leaves everything to the service. */
    public static final Choice DEFAULT = new Choice(null, null, null, null);

    /** What nobody waits for more urgently than others do, for as long as it takes. */
    public Choice(
            @Nullable String model,
            @Nullable String version,
            @Nullable String statistic,
            @Nullable Double falsePositiveRate) {
        this(model, version, statistic, falsePositiveRate, Claim.ANONYMOUS, null, false);
    }

    public Choice {
        if (falsePositiveRate != null && !(falsePositiveRate > 0 && falsePositiveRate < 1)) {
            throw new InvalidRequestException(
                    "expected a false-positive rate between 0 and 1, both excluded, got " + falsePositiveRate);
        }
        if (timeout != null && !timeout.isPositive()) {
            throw new InvalidRequestException("expected a timeout above 0, got " + timeout);
        }
    }

    /** The same, in somebody's name; how urgent it is remains. */
    public Choice by(Claim caller) {
        return new Choice(model, version, statistic, falsePositiveRate, caller.as(claim.priority()), timeout, settled);
    }

    /** The same, this urgent. */
    public Choice as(Priority priority) {
        return new Choice(model, version, statistic, falsePositiveRate, claim.as(priority), timeout, settled);
    }

    /** The same, for a caller that waits so long. */
    public Choice within(@Nullable Duration time) {
        return new Choice(model, version, statistic, falsePositiveRate, claim, time, settled);
    }

    /** The same, as the settings have it. */
    public Choice bySettings() {
        return new Choice(model, version, statistic, falsePositiveRate, claim, timeout, true);
    }

    /**
     * How urgent something is, by its name.
     *
     * @param name {@code normal} or {@code bulk}; null for the former
     */
    public static Priority priority(@Nullable String name) {
        return switch (name) {
            case null -> Priority.NORMAL;
            case "normal" -> Priority.NORMAL;
            case "bulk" -> Priority.BULK;
            default -> throw new InvalidRequestException("expected a priority of normal or bulk, got '" + name + "'");
        };
    }

    /**
     * The decision to make with a model: what is asked for here, else the model's own.
     *
     * @param callersChoose whether callers may ask for one
     * @throws InvalidRequestException when one does who may not
     */
    Decision decision(Decision fallback, boolean callersChoose) {
        if (!callersChoose && !settled && (statistic != null || falsePositiveRate != null)) {
            throw new InvalidRequestException(
                    "expected neither a statistic nor a false-positive rate, since the service decides by its own (surprisal.decision.callers-choose)");
        }
        return new Decision(
                statistic != null ? statistic : fallback.statistic(),
                falsePositiveRate != null ? falsePositiveRate : fallback.falsePositiveRate());
    }
}
