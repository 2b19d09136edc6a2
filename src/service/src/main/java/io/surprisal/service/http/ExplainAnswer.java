package io.surprisal.service.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.calibration.Stage;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.verdict.Verdict;
import io.surprisal.service.score.Examined;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What the model says of each dimension of one image, beside the verdict it would get. The lists are D long, in the order C, H, W;
 * a number that is not finite is null.
 */
@RegisterForReflection
@Schema(name = "Explanation")
public record ExplainAnswer(
        @Schema(examples = "fashion-mnist") String model,
        @Schema(examples = "1") String version,

        @Schema(description = "The verdict it would get; it does not count as a decision.")
        ScoreAnswer.Judged verdict,

        @Schema(
                description =
                        "Where in a cascade the image ended: cleared or suspect where the screen decided, unsure where it asked the model; null when the model has no screen.",
                enumeration = {"cleared", "unsure", "suspect"},
                nullable = true)
        @Nullable
        String stage,

        ImageShape shape,

        @Schema(description = "Values a dimension can take.", examples = "256")
        int levels,

        @Schema(description = "x_i: the level of each dimension, channel by channel, row by row.")
        List<Integer> values,

        @Schema(description = "-log2 p(x_i | x_<i).") List<@Nullable Double> surprisalBits,

        @Schema(
                description =
                        "The surprisal the model itself expects there, in bits; null when the model does not say.",
                nullable = true)
        @Nullable
        List<@Nullable Double> expectedBits,

        @Schema(
                description = "P(X_i < x_i) + P(X_i = x_i) / 2, given x_<i; null when the model does not say.",
                nullable = true)
        @Nullable
        List<@Nullable Double> cdf) {
    private static final double THOUSANDTHS = 1e3;
    private static final double MILLIONTHS = 1e6;

    static ExplainAnswer of(Examined examined) {
        BundleManifest manifest = examined.model().manifest();
        Verdict verdict = examined.verdicts().getFirst();
        Conditionals conditionals = examined.conditionals();
        float @Nullable [] entropy = conditionals.entropy();
        float @Nullable [] cdf = conditionals.cdf();
        int dimensions = conditionals.dimensions();
        byte[] levels = conditionals.images().data();
        return new ExplainAnswer(
                manifest.name(),
                manifest.version(),
                ScoreAnswer.Judged.of(verdict),
                verdict.assessment().stage().map(Stage::word).orElse(null),
                manifest.shape(),
                manifest.levels(),
                IntStream.range(0, dimensions)
                        .mapToObj(i -> Byte.toUnsignedInt(levels[i]))
                        .toList(),
                rounded(dimensions, i -> -conditionals.logProb()[i] / Math.log(2), THOUSANDTHS),
                entropy == null ? null : rounded(dimensions, i -> entropy[i] / Math.log(2), THOUSANDTHS),
                cdf == null ? null : rounded(dimensions, i -> cdf[i], MILLIONTHS));
    }

    /** To as many digits as anyone looks at: a third of the bytes. */
    private static List<@Nullable Double> rounded(int dimensions, IntToDoubleFunction value, double unit) {
        List<@Nullable Double> numbers = new ArrayList<>(dimensions);
        for (int i = 0; i < dimensions; i++) {
            double number = value.applyAsDouble(i);
            numbers.add(Double.isFinite(number) ? Math.round(number * unit) / unit : null);
        }
        return numbers;
    }
}
