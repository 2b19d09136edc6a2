package io.surprisal.training.density;

import static io.surprisal.training.density.AutoregressiveContract.export;
import static io.surprisal.training.density.AutoregressiveContract.images;
import static io.surprisal.training.density.AutoregressiveContract.noisyWeights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.statistic.InputComplexity;
import io.surprisal.detector.statistic.LikelihoodRatio;
import io.surprisal.detector.statistic.LocalLikelihoodRatio;
import io.surprisal.detector.statistic.Measured;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What can go wrong: an attacker who climbs something that is not the detector, and looks weak. */
class DifferentiableScoresTest {

    private static AutoregressiveNetwork network(int channels) {
        return new GatedPixelCnn(
                new ImageShape(channels, 9, 8), 16, new GatedPixelCnnSettings(12, 2, 12, 4, List.of(1)));
    }

    private static FittedNetwork cheap(ImageShape shape, long seed) {
        AutoregressiveNetwork network =
                new PixelCnn(shape, 16, new PixelCnnSettings(12, 1, 12, DistributionChoice.DIGITS));
        return new FittedNetwork(network, noisyWeights(network, seed));
    }

    @Test
    void theScoresAreThoseOfTheDetector() {
        for (int channels : new int[] {1, 3}) {
            AutoregressiveNetwork network = network(channels);
            float[] weights = noisyWeights(network, 5);
            Levels images = images(network.shape(), 16, 3, 6);
            FittedNetwork fitted = new FittedNetwork(network, weights);
            Background background = new Background(cheap(network.shape(), 9), cheap(network.shape(), 10));
            try (DensityModel model = export(fitted, background)) {
                Conditionals conditionals = model.evaluate(images);
                List<Measured> statistics = Measured.applicable(conditionals).stream()
                        .filter(statistic -> !(statistic instanceof InputComplexity))
                        .toList();
                assertThat(statistics).contains(new LikelihoodRatio(), new LocalLikelihoodRatio());
                double[][] scores = new DifferentiableScores(fitted, background)
                        .of(floats(images), 3, statistics, values -> values)
                        .scores();
                for (int image = 0; image < 3; image++) {
                    for (int i = 0; i < statistics.size(); i++) {
                        double expected = statistics.get(i).of(conditionals, image);
                        assertThat(scores[image][i])
                                .as("%s, %d channels", statistics.get(i).name(), channels)
                                .isCloseTo(expected, within(2e-3 * (1 + Math.abs(expected))));
                    }
                }
            }
        }
    }

    @Test
    void theGradientsAreThoseOfTheScores() {
        AutoregressiveNetwork network = network(1);
        FittedNetwork fitted = new FittedNetwork(network, noisyWeights(network, 7));
        // A background without kinks, as the model: a rectifier would have some within the step.
        FittedNetwork disturbed = new FittedNetwork(network, noisyWeights(network, 9));
        DifferentiableScores scores = new DifferentiableScores(fitted, new Background(disturbed, fitted));
        float[] x = floats(images(network.shape(), 16, 1, 8));
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.min(14, x[i]) + 0.4f; // away from the kinks at whole levels
        }
        for (Measured statistic : Measured.all()) {
            if (statistic.name().endsWith("channels") || statistic.name().equals("input-complexity")) {
                continue;
            }
            float[] gradient = scores.of(x, 1, List.of(statistic), values -> new double[][] {{1}})
                    .gradients();
            for (int i : new int[] {0, 13, 40, 71}) {
                float[] more = x.clone();
                float[] less = x.clone();
                more[i] += 0.02f;
                less[i] -= 0.02f;
                double slope = (score(scores, statistic, more) - score(scores, statistic, less)) / 0.04;
                assertThat((double) gradient[i])
                        .as("%s at %d", statistic.name(), i)
                        .isCloseTo(slope, within(0.02 + 0.05 * Math.abs(slope)));
            }
        }
    }

    private static double score(DifferentiableScores scores, Measured statistic, float[] x) {
        return scores.of(x, 1, List.of(statistic), values -> values).scores()[0][0];
    }

    private static float[] floats(Levels images) {
        float[] values = new float[images.data().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Byte.toUnsignedInt(images.data()[i]);
        }
        return values;
    }
}
