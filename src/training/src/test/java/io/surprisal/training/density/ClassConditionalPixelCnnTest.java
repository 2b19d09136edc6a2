package io.surprisal.training.density;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.likelihood.ChainRule;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.weights.Tensors;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class ClassConditionalPixelCnnTest extends AutoregressiveContract {
    private static final ImageShape SHAPE = new ImageShape(1, 4, 4);

    /** Wide enough that the gradient reaches the end of the row before: what the posteriors see of it has none. */
    @Override
    ClassConditionalPixelCnn network(ImageShape shape, int levels) {
        return new ClassConditionalPixelCnn(shape, levels, new GatedPixelCnnSettings(12, 3, 12, 4, List.of(1, 2)), 3);
    }

    /** By definition, p(x) = Σ p(x | k) / K: what is exported against each class exported alone. */
    @Test
    void whatIsServedIsTheMeanOfTheDensitiesOfTheClasses() {
        ClassConditionalPixelCnn network = network(SHAPE, 4);
        float[] weights = noisyWeights(network, 8);
        Levels images = images(SHAPE, 4, 3, 9);
        double[] sums = new double[3];
        for (int k = 0; k < 3; k++) {
            try (DensityModel ofClass = export(network.given(k), weights)) {
                for (int image = 0; image < 3; image++) {
                    sums[image] += Math.exp(ChainRule.of(ofClass.evaluate(images), image)
                                    .nats())
                            / 3;
                }
            }
        }
        try (DensityModel mixture = export(network, weights)) {
            for (int image = 0; image < 3; image++) {
                assertThat(ChainRule.of(mixture.evaluate(images), image).nats())
                        .isCloseTo(Math.log(sums[image]), within(1e-3));
            }
        }
    }

    @Test
    void anImageOfABatchIsGivenItsOwnClass() {
        ClassConditionalPixelCnn network = network(SHAPE, 4);
        float[] weights = noisyWeights(network, 8);
        Levels images = images(SHAPE, 4, 2, 9);
        float[] both = nats(network.given(2, 0), weights, images);
        assertThat(both[0]).isCloseTo(nats(network.given(2), weights, images)[0], within(1e-4f));
        assertThat(both[1]).isCloseTo(nats(network.given(0), weights, images)[1], within(1e-4f));
        assertThat(Math.abs(both[1] - nats(network.given(2), weights, images)[1]))
                .isGreaterThan(1e-2f);
    }

    private static float[] nats(AutoregressiveNetwork network, float[] weights, Levels images) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGradient = new NoGradGuard()) {
            Tensor flat = Tensors.of(weights, weights.length);
            return Tensors.toFloats(new Likelihood(network)
                    .observed(new TorchOperations(network.parameters().view(flat)), Likelihood.tensor(images))
                    .sum(1, 2, 3));
        }
    }

    @Test
    void digitsAreRefusedSinceAMixtureOfTheirProductsIsNone() {
        GatedPixelCnnSettings digits =
                new GatedPixelCnnSettings(12, 3, 12, 4, List.of(1, 2), DistributionChoice.DIGITS);
        assertThatThrownBy(() -> new ClassConditionalPixelCnn(SHAPE, 4, digits, 3))
                .hasMessage("expected a categorical distribution, which a mixture over classes has, found DIGITS");
    }

    @Test
    void imagesWithoutLabelsAndUnknownClassesAreRefused() {
        assertThatThrownBy(() -> network(SHAPE, 4).trainedAt(1, null)).hasMessageContaining("found none with labels");
        assertThatThrownBy(() -> network(SHAPE, 4).given(3)).hasMessage("expected labels below 3, found 3");
    }
}
