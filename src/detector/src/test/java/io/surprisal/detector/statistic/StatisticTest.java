package io.surprisal.detector.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.TinyModel;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.quantise.ImageShape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What can go wrong: a sign, a standard deviation taken for a variance, a statistic that scores what the model did not
 * give.
 */
class StatisticTest {

    /** Two dimensions: s = (1, 3), H = (1.5, 1), Var = (0.75, 1.5). */
    private static final Conditionals EXAMPLE =
            new Conditionals(1, 2, new float[] {-1, -3}, new float[] {1.5f, 1}, new float[] {0.75f, 1.5f}, null);

    private static final Conditionals LIKELIHOOD_ONLY = new Conditionals(1, 2, new float[] {-1, -3}, null, null, null);

    @Test
    void theValuesAreThoseOfTheFormulas() {
        // 4 nats over 2 dimensions; (4 − 2.5) / √2.25 = 1.
        double bits = 2 / Math.log(2);
        assertThat(new BitsPerDimension().of(EXAMPLE, 0)).isCloseTo(bits, within(1e-12));
        assertThat(new Typicality(bits + 0.25).of(EXAMPLE, 0)).isCloseTo(0.25, within(1e-12));
        assertThat(new StandardisedSurprisal().of(EXAMPLE, 0)).isCloseTo(1, within(1e-12));
        assertThat(new TwoSidedStandardisedSurprisal(3).of(EXAMPLE, 0)).isCloseTo(2, within(1e-12));
    }

    @Test
    void underTheModelTheStandardisedSurprisalHasMeanZeroAndVarianceOne() {
        // The martingale argument of the Javadoc, on 2,000 samples: standard errors are 1/√2000 = 0.022 and about
        // √(2/2000) = 0.032.
        TinyModel tiny = new TinyModel(new ImageShape(1, 16, 16), 16, 0.3);
        try (OnnxDensityModel model = OnnxDensityModel.of(
                tiny.onnx().toByteArray(), tiny.shape(), tiny.levels(), SessionSettings.defaults())) {
            Conditionals samples = model.evaluate(tiny.sample(2000, 21));
            double[] z = IntStream.range(0, 2000)
                    .mapToDouble(image -> new StandardisedSurprisal().of(samples, image))
                    .toArray();
            double mean = Arrays.stream(z).average().orElseThrow();
            double variance = Arrays.stream(z)
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElseThrow();
            assertThat(mean).isCloseTo(0, within(0.1));
            assertThat(variance).isCloseTo(1, within(0.15));
        }
    }

    @Test
    void aModelThatIsCertainIsRightOrInfinitelyWrong() {
        float[] nothing = {0};
        Conditionals right = new Conditionals(1, 1, new float[] {0}, nothing, nothing, null);
        Conditionals wrong = new Conditionals(1, 1, new float[] {Float.NEGATIVE_INFINITY}, nothing, nothing, null);
        assertThat(new StandardisedSurprisal().of(right, 0)).isZero();
        assertThat(new StandardisedSurprisal().of(wrong, 0)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void whatNeedsEntropiesIsNotApplicableWithoutThem() {
        assertThat(Statistic.names(EXAMPLE))
                .containsExactly(
                        "bits-per-dimension",
                        "typicality",
                        "standardised-surprisal",
                        "standardised-surprisal-two-sided");
        assertThat(Statistic.names(LIKELIHOOD_ONLY)).containsExactly("bits-per-dimension", "typicality");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StandardisedSurprisal().of(LIKELIHOOD_ONLY, 0))
                .withMessageContaining("expected a model with the outputs entropy and surprisal_variance");
    }

    @Test
    void aStatisticIsItsNameAndItsParameters() {
        List<Statistic> all = List.of(
                new BitsPerDimension(),
                new Typicality(2.5),
                new StandardisedSurprisal(),
                new TwoSidedStandardisedSurprisal(-0.3));
        assertThat(all)
                .allSatisfy(statistic -> assertThat(Statistic.of(statistic.name(), statistic.parameters()))
                        .isEqualTo(statistic));
    }

    @Test
    void unknownNamesAndBadParametersAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Statistic.of("magic", Map.of()))
                .withMessageEndingWith("found magic");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Statistic.of("typicality", Map.of()))
                .withMessage("typicality: expected a parameter meanBitsPerDimension, found []");
        assertThatIllegalArgumentException().isThrownBy(() -> new Typicality(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> new TwoSidedStandardisedSurprisal(Double.NaN));
    }
}
