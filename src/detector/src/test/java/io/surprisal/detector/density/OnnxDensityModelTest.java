package io.surprisal.detector.density;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.TinyModel;
import io.surprisal.detector.likelihood.ChainRule;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The session against the closed form of a {@link TinyModel}. What can go wrong: dimensions in another order, images of
 * a batch that mix, an output taken for another, a broken model that goes unnoticed.
 */
class OnnxDensityModelTest {

    static final List<TinyModel> MODELS = List.of(
            new TinyModel(new ImageShape(1, 3, 4), 256, 0.1),
            new TinyModel(new ImageShape(3, 2, 3), 5, 0.7),
            new TinyModel(new ImageShape(1, 1, 1), 2, 1));

    @ParameterizedTest
    @FieldSource("MODELS")
    void everyOutputIsTheClosedForm(TinyModel tiny) {
        Levels images = tiny.noise(4, 11);
        int dimensions = tiny.shape().dimensions();
        try (OnnxDensityModel model = open(tiny)) {
            Conditionals found = model.evaluate(images);
            for (int image = 0; image < images.count(); image++) {
                int[] previous = tiny.previous(images, image);
                for (int i = 0; i < dimensions; i++) {
                    int at = image * dimensions + i;
                    int x = Byte.toUnsignedInt(images.data()[at]);
                    assertThat(found.logProb()[at]).isCloseTo((float) tiny.logProb(previous[i], x), within(1e-5f));
                    assertThat(entropy(found)[at]).isCloseTo((float) tiny.entropy(previous[i]), within(1e-5f));
                    assertThat(variance(found)[at])
                            .isCloseTo((float) tiny.surprisalVariance(previous[i]), within(1e-5f));
                    assertThat(cdf(found)[at]).isCloseTo((float) tiny.cdf(previous[i], x), within(1e-5f));
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("ENUMERABLE")
    void theProbabilitiesOfAllImagesSumToOne(TinyModel tiny) {
        int dimensions = tiny.shape().dimensions();
        int count = (int) Math.pow(tiny.levels(), dimensions);
        byte[] data = new byte[count * dimensions];
        for (int at = 0; at < data.length; at++) {
            data[at] = (byte) (at / dimensions / (int) Math.pow(tiny.levels(), at % dimensions) % tiny.levels());
        }
        try (OnnxDensityModel model = open(tiny)) {
            Conditionals all = model.evaluate(Levels.of(tiny.shape(), tiny.levels(), count, data));
            double sum = IntStream.range(0, count)
                    .mapToDouble(image -> Math.exp(ChainRule.of(all, image).nats()))
                    .sum();
            assertThat(sum).isCloseTo(1, within(1e-5));
        }
    }

    static final List<TinyModel> ENUMERABLE =
            List.of(new TinyModel(new ImageShape(1, 2, 3), 3, 0.5), new TinyModel(new ImageShape(3, 1, 2), 3, 0.5));

    @ParameterizedTest
    @FieldSource("MODELS")
    void anImageHasTheSameNumbersAloneAndInABatch(TinyModel tiny) {
        Levels images = tiny.noise(5, 12);
        try (OnnxDensityModel model = open(tiny)) {
            Conditionals together = model.evaluate(images);
            for (int image = 0; image < images.count(); image++) {
                Conditionals alone = model.evaluate(images.slice(image, image + 1));
                assertThat(together.slice(image, image + 1).logProb()).isEqualTo(alone.logProb());
            }
        }
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void futureDimensionsHaveNoInfluence(TinyModel tiny) {
        int dimensions = tiny.shape().dimensions();
        byte[] data = tiny.noise(1, 13).data().clone();
        try (OnnxDensityModel model = open(tiny)) {
            float[] before = model.evaluate(Levels.of(tiny.shape(), tiny.levels(), 1, data))
                    .logProb();
            for (int step = 0; step < dimensions; step++) {
                byte[] changed = data.clone();
                int at = tiny.position(step);
                changed[at] = (byte) ((Byte.toUnsignedInt(data[at]) + 1) % tiny.levels());
                float[] after = model.evaluate(Levels.of(tiny.shape(), tiny.levels(), 1, changed))
                        .logProb();
                for (int earlier = 0; earlier < step; earlier++) {
                    assertThat(after[tiny.position(earlier)]).isEqualTo(before[tiny.position(earlier)]);
                }
            }
        }
    }

    @Test
    void manyThreadsShareOneSession() {
        TinyModel tiny = MODELS.getFirst();
        try (OnnxDensityModel model = open(tiny)) {
            Levels images = tiny.noise(8, 14);
            float[] expected = model.evaluate(images).logProb();
            IntStream.range(0, 64)
                    .parallel()
                    .forEach(run -> assertThat(model.evaluate(images).logProb()).isEqualTo(expected));
        }
    }

    @Test
    void aModelWithoutTheOptionalOutputsGivesNone() {
        TinyModel tiny = MODELS.getFirst();
        var whole = tiny.onnx().toBuilder();
        whole.getGraphBuilder().removeOutput(3).removeOutput(2).removeOutput(1);
        byte[] bytes = whole.build().toByteArray();
        try (OnnxDensityModel model = OnnxDensityModel.of(bytes, tiny.shape(), 256, SessionSettings.defaults())) {
            Conditionals found = model.evaluate(tiny.noise(1, 15));
            assertThat(found.entropy()).isNull();
            assertThat(found.surprisalVariance()).isNull();
            assertThat(found.cdf()).isNull();
        }
    }

    @Test
    void aModelOfAnotherShapeIsAnInferenceFailure() {
        byte[] bytes = MODELS.getFirst().onnx().toByteArray();
        ImageShape other = new ImageShape(1, 4, 4);
        try (OnnxDensityModel model = OnnxDensityModel.of(bytes, other, 256, SessionSettings.defaults())) {
            Levels images = Levels.of(other, 256, 1, new byte[16]);
            assertThatThrownBy(() -> model.evaluate(images)).isInstanceOf(InferenceException.class);
        }
    }

    @Test
    void imagesOfAnotherShapeAreTheCallersFault() {
        try (OnnxDensityModel model = open(MODELS.getFirst())) {
            Levels images = Levels.of(new ImageShape(1, 1, 1), 256, 1, new byte[1]);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.evaluate(images))
                    .withMessage("expected images of 4×3 grey with 256 levels, found 1×1 grey with 256");
        }
    }

    @Test
    void bytesThatAreNoModelAreRefused() {
        assertThatThrownBy(() -> OnnxDensityModel.of(
                        new byte[] {1, 2, 3}, new ImageShape(1, 1, 1), 256, SessionSettings.defaults()))
                .isInstanceOf(InferenceException.class)
                .hasMessageStartingWith("expected a model that ONNX Runtime can load, found: ");
    }

    @Test
    void aClosedModelSaysSoAndClosingTwiceIsHarmless() {
        TinyModel tiny = MODELS.getFirst();
        OnnxDensityModel model = open(tiny);
        model.close();
        model.close();
        assertThatIllegalStateException().isThrownBy(() -> model.evaluate(tiny.noise(1, 16)));
    }

    private static OnnxDensityModel open(TinyModel tiny) {
        byte[] bytes = tiny.onnx().toByteArray();
        return OnnxDensityModel.of(bytes, tiny.shape(), tiny.levels(), SessionSettings.defaults());
    }

    private static float[] entropy(Conditionals conditionals) {
        return Objects.requireNonNull(conditionals.entropy());
    }

    private static float[] variance(Conditionals conditionals) {
        return Objects.requireNonNull(conditionals.surprisalVariance());
    }

    private static float[] cdf(Conditionals conditionals) {
        return Objects.requireNonNull(conditionals.cdf());
    }
}
