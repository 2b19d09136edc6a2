package io.surprisal.service.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.surprisal.detector.json.Fields;
import io.surprisal.detector.statistic.Statistic;
import io.surprisal.detector.verdict.Assessment;
import io.surprisal.detector.verdict.StatisticResult;
import io.surprisal.detector.verdict.Verdict;
import io.surprisal.service.score.Scored;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The verdicts on a request's images. JSON has no infinities: a number that is not finite is null.
 *
 * @param model name of the model that answered
 * @param version its version
 * @param verdicts one for each image, in their order
 */
@RegisterForReflection // the native executable knows no other way to Jackson's getters
public record ScoreAnswer(
        @Schema(description = "The model that answered.", examples = "fashion-mnist")
        String model,

        @Schema(description = "Its version.", examples = "1")
        String version,

        @Schema(description = "One for each image, in their order.")
        List<Judged> verdicts) {
    /**
     * The verdict on one image.
     *
     * @param reason why, in words
     */
    @RegisterForReflection
    @Schema(name = "Verdict")
    public record Judged(
            @Schema(description = "True when the image should not reach the classifier.")
            boolean flagged,

            @Schema(description = "Why, in words.") String reason,

            @Schema(description = "-log2 p(x) / D.", examples = "2.91", nullable = true) @Nullable
            Double bitsPerDimension,

            @Schema(description = "ln p(x).", examples = "-1581.3", nullable = true) @Nullable
            Double logLikelihoodNats,

            @Schema(
                    description =
                            "Of the deciding statistic: the share of held-out clean images at least this extreme.",
                    examples = "0.42")
            double pValue,

            @Schema(description = "The rate it was decided at.", examples = "0.01")
            double falsePositiveRate,

            @Schema(
                    description =
                            "True when the bundle's screen was sure of the image: the numbers are the screen's, and the model was not asked.")
            boolean screened,

            @Schema(description = "Every statistic the bundle is calibrated for.")
            List<Measured> statistics) {
        static Judged of(Verdict verdict) {
            Assessment assessment = verdict.assessment();
            return new Judged(
                    verdict.flagged(),
                    verdict.reason(),
                    Fields.finiteOrNull(assessment.logLikelihood().bitsPerDimension()),
                    Fields.finiteOrNull(assessment.logLikelihood().nats()),
                    assessment.decisive().pValue().value(),
                    assessment.falsePositiveRate(),
                    assessment.screened(),
                    assessment.statistics().stream().map(Measured::of).toList());
        }
    }

    /** One {@link Statistic} of one image. */
    @RegisterForReflection
    @Schema(name = "Statistic")
    public record Measured(
            @Schema(examples = "bits-per-dimension") String name,

            @Schema(description = "Larger is more suspicious.", examples = "2.91", nullable = true) @Nullable
            Double value,

            @Schema(description = "Share of held-out clean images at least this extreme.", examples = "0.42")
            double pValue) {
        static Measured of(StatisticResult result) {
            return new Measured(
                    result.name(),
                    Fields.finiteOrNull(result.value()),
                    result.pValue().value());
        }
    }

    static ScoreAnswer of(Scored scored) {
        return new ScoreAnswer(
                scored.model().manifest().name(),
                scored.model().manifest().version(),
                scored.verdicts().stream().map(Judged::of).toList());
    }
}
