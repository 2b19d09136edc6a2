package io.surprisal.training.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.density.AutoregressiveNetwork;
import io.surprisal.training.density.GatedPixelCnn;
import io.surprisal.training.density.GatedPixelCnnSettings;
import io.surprisal.training.fit.TrainingPlan.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    private static final ImageShape SHAPE = new ImageShape(1, 6, 6);
    private static final TrainingImages TRAINING = TrainingImages.of(stripes(256, 1));
    private static final Levels VALIDATION = stripes(64, 2);

    @TempDir
    Path folder;

    static final ProgressReport SILENT = new ProgressReport() {
        @Override
        public void step(double progress, double imagesPerSecond, double bitsPerDimension, double secondsLeft) {}

        @Override
        public void point(LearningCurve.Point point, boolean best) {}
    };

    /** Each row is one of four levels throughout: 2 bits a row, so 1/3 bit a dimension is the entropy of the data. */
    @Test
    void trainingApproachesTheEntropyOfTheData() throws IOException {
        Trainer.Outcome outcome = trainer(folder, 24).train(TRAINING, VALIDATION, "data", () -> false);
        assertThat(outcome.finished()).isTrue();
        assertThat(outcome.curve().points().getLast().validation()).isBetween(1 / 3.0, 0.6);
    }

    @Test
    void aKilledRunResumedGivesTheSameCurve() throws IOException {
        Trainer.Outcome whole = trainer(folder.resolve("whole"), 4).train(TRAINING, VALIDATION, "data", () -> false);
        AtomicInteger steps = new AtomicInteger();
        Trainer.Outcome part = trainer(folder.resolve("parts"), 4)
                .train(TRAINING, VALIDATION, "data", () -> steps.incrementAndGet() > 13);
        assertThat(part.finished()).isFalse();
        Trainer.Outcome rest = trainer(folder.resolve("parts"), 4).train(TRAINING, VALIDATION, "data", () -> false);

        assertThat(rest.finished()).isTrue();
        assertThat(rest.weights()).isEqualTo(whole.weights());
        assertThat(rest.curve().points().stream().map(LearningCurve.Point::validation))
                .isEqualTo(whole.curve().points().stream()
                        .map(LearningCurve.Point::validation)
                        .toList());
    }

    @Test
    void aCheckpointOfAnotherRunIsRefused() throws IOException {
        trainer(folder, 1).train(TRAINING, VALIDATION, "data", () -> false);
        assertThatThrownBy(() -> trainer(folder, 1).train(TRAINING, VALIDATION, "other data", () -> false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("belongs to another run");
    }

    @Test
    void fewerImagesThanABatchAreRefused() {
        assertThatThrownBy(() ->
                        trainer(folder, 1).train(TrainingImages.of(stripes(3, 1)), VALIDATION, "data", () -> false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one batch of 16");
    }

    @Test
    void trainingInBfloat16LearnsToo() throws IOException {
        TrainingPlan plan = plan(12, Precision.BF16);
        Trainer.Outcome outcome =
                new Trainer(network(), plan, folder, SILENT).train(TRAINING, VALIDATION, "data", () -> false);
        assertThat(outcome.curve().points().getLast().validation()).isLessThan(1);
    }

    private Trainer trainer(Path run, double epochs) {
        return new Trainer(network(), plan(epochs, Precision.FP32), run, SILENT);
    }

    private static AutoregressiveNetwork network() {
        return new GatedPixelCnn(SHAPE, 4, new GatedPixelCnnSettings(8, 2, 8, 2, List.of(1)));
    }

    private static TrainingPlan plan(double epochs, Precision precision) {
        return new TrainingPlan(epochs, OptionalDouble.empty(), 16, 0.02, 5, 1, 0.9, 10, 100, precision, 1, 7);
    }

    private static Levels stripes(int count, long seed) {
        Random random = new Random(seed);
        byte[] data = new byte[count * SHAPE.dimensions()];
        for (int row = 0; row < data.length / SHAPE.width(); row++) {
            Arrays.fill(data, row * SHAPE.width(), (row + 1) * SHAPE.width(), (byte) random.nextInt(4));
        }
        return Levels.of(SHAPE, 4, count, data);
    }
}
