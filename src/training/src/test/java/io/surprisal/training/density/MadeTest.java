package io.surprisal.training.density;

import static org.assertj.core.api.Assertions.assertThat;

import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.likelihood.ChainRule;
import io.surprisal.detector.quantise.ImageShape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What can go wrong besides: degrees laid out unlike the values they belong to. */
class MadeTest {

    /** As in the paper: raster order, logits straight from the hidden units. */
    @Nested
    class Raster extends AutoregressiveContract {
        @Override
        AutoregressiveNetwork network(ImageShape shape, int levels) {
            return new Made(shape, levels, settings(1, 0, 0));
        }
    }

    /** As for 8-bit images, in another order. */
    @Nested
    class Shuffled extends AutoregressiveContract {
        @Override
        AutoregressiveNetwork network(ImageShape shape, int levels) {
            return new Made(shape, levels, settings(4, 6, 5));
        }

        @Test
        void theOrderIsOneOfAllDimensionsAndNotRaster() {
            AutoregressiveNetwork network = network(new ImageShape(3, 4, 5), 4);
            List<Integer> dimensions = network.order().dimensions();
            assertThat(dimensions)
                    .hasSize(60)
                    .doesNotHaveDuplicates()
                    .isNotEqualTo(dimensions.stream().sorted().toList());
        }
    }

    /** Two levels have one logit a dimension. */
    @Nested
    class Binary extends AutoregressiveContract {
        @Override
        AutoregressiveNetwork network(ImageShape shape, int levels) {
            return new Made(shape, 2, settings(1, 0, 0));
        }
    }

    private static MadeSettings settings(int features, int rank, int order) {
        return new MadeSettings(List.of(80, 60), features, rank, true, 1, 1, order, 3);
    }

    /** 3 orders and 2 draws of the degrees for each: 6 networks over one set of parameters, the exported one among them. */
    @Test
    void trainingGoesThroughAllOrdersAndMasksInTurn() {
        Made made = new Made(new ImageShape(1, 4, 4), 2, new MadeSettings(List.of(30), 1, 0, true, 3, 2, 0, 3));
        float[] weights = AutoregressiveContract.noisyWeights(made, 1);
        Set<List<Integer>> orders = new HashSet<>();
        Set<Double> likelihoods = new HashSet<>();
        for (long step = 1; step <= 6; step++) {
            AutoregressiveNetwork trained = made.trainedAt(step, null);
            assertThat(trained.parameters().size()).isEqualTo(made.parameters().size());
            orders.add(trained.order().dimensions());
            likelihoods.add(logLikelihood(trained, weights));
        }
        assertThat(orders).hasSize(3).contains(List.of());
        assertThat(likelihoods).hasSize(6).contains(logLikelihood(made, weights));
    }

    private static double logLikelihood(AutoregressiveNetwork network, float[] weights) {
        try (DensityModel model = AutoregressiveContract.export(network, weights)) {
            return ChainRule.of(model.evaluate(AutoregressiveContract.images(network.shape(), 2, 1, 6)), 0)
                    .nats();
        }
    }

    /** 784 inputs, 500 units, 784 logits, and direct connections: the arithmetic of a model card. */
    @Test
    void parametersAreThoseOfThePaper() {
        Made made = new Made(new ImageShape(1, 28, 28), 2, new MadeSettings(List.of(500), 1, 0, true, 1, 1, 0, 1));
        int expected = 784 * 500 + 500 + 500 * 784 + 784 + 784 * 784 + 784;
        assertThat(made.parameters().size()).isEqualTo(expected);
    }
}
