package io.surprisal.training.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.density.AutoregressiveNetwork;
import io.surprisal.training.density.GatedPixelCnn;
import io.surprisal.training.density.GatedPixelCnnSettings;
import io.surprisal.training.density.Likelihood;
import io.surprisal.training.density.PixelCnn;
import io.surprisal.training.density.PixelCnnSettings;
import io.surprisal.training.density.TorchOperations;
import io.surprisal.training.fit.TrainingPlan.Precision;
import io.surprisal.training.weights.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a lecture on maximum likelihood says, of this trainer and these networks: {@code src/docs/maximum-likelihood.md}. */
class MaximumLikelihoodTest {
    @TempDir
    Path folder;

    /** An image of one pixel with two levels has nothing before it: its density is one number, θ. */
    @Test
    void threeHeadsInFiveTossesGiveThetaOfThreeFifths() throws IOException {
        Levels tosses = Levels.of(new ImageShape(1, 1, 1), 2, 5, new byte[] {1, 1, 0, 1, 0});
        AutoregressiveNetwork coin = new PixelCnn(tosses.shape(), 2, new PixelCnnSettings(2, 0, 1));
        TrainingPlan plan =
                new TrainingPlan(400, OptionalDouble.empty(), 5, 0.05, 5, 10, 0.9, 100, 100, Precision.FP32, 1, 1);
        Trainer.Outcome outcome = new Trainer(coin, plan, folder, TrainerTest.SILENT)
                .train(TrainingImages.of(tosses), tosses, "tosses", () -> false);
        Levels head = tosses.slice(0, 1);
        double theta =
                Math.exp(Likelihood.of(coin, outcome.weights(), head).getFirst().nats());
        assertThat(theta).isCloseTo(0.6, within(0.005));
        // And what the data then cost is the entropy of that coin: nothing can cost less.
        double entropy = -(0.6 * Math.log(0.6) + 0.4 * Math.log(0.4)) / Math.log(2);
        assertThat(outcome.curve().points().getLast().validation()).isCloseTo(entropy, within(0.001));
    }

    /** The same network and the same number of steps: on few images it learns those, on many what they have in common. */
    @Test
    void fewImagesAreLearntByHeartAndManyAreNot() throws IOException {
        Levels validation = slopes(200, 9);
        double few = gap("few", slopes(32, 1), validation, new GatedPixelCnnSettings(24, 3, 24, 2, List.of(1)));
        double many = gap("many", slopes(2_000, 1), validation, new GatedPixelCnnSettings(24, 3, 24, 2, List.of(1)));
        assertThat(few).isGreaterThan(0.5);
        assertThat(many).isLessThan(0.2);
    }

    /** As bad on what it has seen as on what it has not. */
    @Test
    void aNetworkThatIsTooSmallHasNoGapAndIsWorseThanALargerOne() throws IOException {
        Levels training = slopes(2_000, 1);
        Levels validation = slopes(200, 9);
        Trainer.Outcome small = train("small", training, validation, new GatedPixelCnnSettings(2, 0, 2, 2, List.of(1)));
        Trainer.Outcome large =
                train("large", training, validation, new GatedPixelCnnSettings(24, 3, 24, 2, List.of(1)));
        assertThat(Math.abs(gap(small))).isLessThan(0.2);
        assertThat(last(small).validation()).isGreaterThan(last(large).validation() + 0.5);
    }

    /** A gradient of a batch is a Monte Carlo estimate: its variance falls as one over the batch, its mean stays. */
    @Test
    void theVarianceOfAGradientFallsAsOneOverTheBatch() {
        Levels images = slopes(512, 3);
        AutoregressiveNetwork network =
                new GatedPixelCnn(images.shape(), images.levels(), new GatedPixelCnnSettings(8, 1, 8, 2, List.of(1)));
        float[] weights = network.parameters().initial(4);
        float[] exact = gradient(network, weights, images);
        Random random = new Random(5);
        double[] scaled = new double[4];
        int[] batches = {1, 4, 16, 64};
        for (int b = 0; b < batches.length; b++) {
            double squares = 0;
            int estimates = 200;
            for (int e = 0; e < estimates; e++) {
                int[] places = random.ints(batches[b], 0, images.count()).toArray();
                float[] estimate = gradient(
                        network,
                        weights,
                        TrainingImages.of(images).pick(places, 0).images());
                squares += distance(estimate, exact);
            }
            scaled[b] = batches[b] * squares / estimates;
        }
        double mean = Arrays.stream(scaled).average().orElseThrow();
        for (double variance : scaled) {
            assertThat(variance / mean).isBetween(0.7, 1.4);
        }
    }

    private double gap(String run, Levels training, Levels validation, GatedPixelCnnSettings settings)
            throws IOException {
        return gap(train(run, training, validation, settings));
    }

    /** Validation less training, bits per dimension, at the end of the run. */
    private static double gap(Trainer.Outcome outcome) {
        return last(outcome).validation() - last(outcome).training();
    }

    private static LearningCurve.Point last(Trainer.Outcome outcome) {
        return outcome.curve().points().getLast();
    }

    private Trainer.Outcome train(String run, Levels training, Levels validation, GatedPixelCnnSettings settings)
            throws IOException {
        int steps = 400;
        double epochs = steps * 16.0 / training.count();
        TrainingPlan plan =
                new TrainingPlan(epochs, OptionalDouble.empty(), 16, 0.01, 20, 5, 0.9, 50, 100, Precision.FP32, 1, 7);
        AutoregressiveNetwork network = new GatedPixelCnn(training.shape(), training.levels(), settings);
        return new Trainer(network, plan, folder.resolve(run), TrainerTest.SILENT)
                .train(TrainingImages.of(training), validation, run, () -> false);
    }

    private static float[] gradient(AutoregressiveNetwork network, float[] weights, Levels images) {
        try (PointerScope scope = new PointerScope()) {
            Tensor flat = Tensors.of(weights, weights.length);
            flat.set_requires_grad(true);
            new Likelihood(network)
                    .loss(new TorchOperations(network.parameters().view(flat)), Likelihood.tensor(images))
                    .backward();
            return Tensors.toFloats(flat.grad());
        }
    }

    private static double distance(float[] a, float[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            squares += (double) (a[i] - b[i]) * (a[i] - b[i]);
        }
        return squares;
    }

    /** A random slope and offset in every row, and noise on top, in 16 levels: something to learn, and something nobody can. */
    private static Levels slopes(int count, long seed) {
        ImageShape shape = new ImageShape(1, 6, 6);
        Random random = new Random(seed);
        byte[] data = new byte[count * shape.dimensions()];
        for (int row = 0; row < data.length / shape.width(); row++) {
            int slope = random.nextInt(3) - 1;
            int offset = random.nextInt(16);
            for (int column = 0; column < shape.width(); column++) {
                int level = offset + slope * column + random.nextInt(3) - 1;
                data[row * shape.width() + column] = (byte) Math.clamp(level, 0, 15);
            }
        }
        return Levels.of(shape, 16, count, data);
    }
}
