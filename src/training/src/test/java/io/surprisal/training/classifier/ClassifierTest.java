package io.surprisal.training.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.data.ImageSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What can go wrong: a gradient by the scaled image instead of by its levels, gradients that mix the images of a batch, a kept file
 * that is taken for another one.
 */
class ClassifierTest {
    private static final ImageShape GREY = new ImageShape(1, 8, 8);
    private static final ImageShape RGB = new ImageShape(3, 9, 6);
    private static final ClassifierPlan SHORT = new ClassifierPlan(ClassifierArchitecture.POOLED, 2, 16, 0.003, 1);

    private static Classifier trained(ImageShape shape) {
        return trained(SHORT, shape);
    }

    private static Classifier trained(ClassifierPlan plan, ImageShape shape) {
        return new ClassifierTrainer(plan, (images, of, loss) -> {}).train(BrightAndDark.images(shape, 320, 1));
    }

    private static int[] labels(ImageSet images) {
        return Objects.requireNonNull(images.labels());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aTaskThatCanBeLearntIsLearnt(int channels) {
        ImageShape shape = channels == 1 ? GREY : RGB;
        try (Classifier classifier = trained(shape)) {
            assertThat(classifier.classes()).isEqualTo(2);
            assertThat(classifier.accuracy(BrightAndDark.images(shape, 200, 2))).isGreaterThan(0.98);
        }
    }

    @ParameterizedTest
    @EnumSource(ClassifierArchitecture.class)
    void eachArchitectureLearnsImagesOfAnySize(ClassifierArchitecture architecture) {
        ClassifierPlan plan = new ClassifierPlan(architecture, 2, 16, 0.003, 3);
        for (ImageShape shape : new ImageShape[] {GREY, RGB, new ImageShape(1, 5, 7)}) {
            try (Classifier classifier = trained(plan, shape)) {
                assertThat(classifier.accuracy(BrightAndDark.images(shape, 200, 4)))
                        .as("%s", shape)
                        .isGreaterThan(0.95);
            }
        }
    }

    /** Central differences of the loss, along the gradient and along random directions, each one level long. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void gradientsAgreeWithFiniteDifferences(int channels) {
        ImageShape shape = channels == 1 ? GREY : RGB;
        ImageSet images = BrightAndDark.images(shape, 1, 3);
        float[] x = Classifier.floats(images.images().data());
        int[] wrong = {1 - labels(images)[0]};
        try (Classifier classifier = trained(shape)) {
            float[] gradient = classifier.lossGradients(x, wrong);
            double length = Math.sqrt(dot(gradient, gradient));
            assertThat(length).isPositive();
            assertThat(slope(classifier, x, wrong, unit(gradient))).isCloseTo(length, within(0.02 * length));
            Random random = new Random(4);
            for (int trial = 0; trial < 20; trial++) {
                float[] direction = new float[x.length];
                for (int i = 0; i < x.length; i++) {
                    direction[i] = (float) random.nextGaussian();
                }
                direction = unit(direction);
                assertThat(slope(classifier, x, wrong, direction))
                        .isCloseTo(dot(gradient, direction), within(0.02 * length));
            }
        }
    }

    private static double slope(Classifier classifier, float[] x, int[] label, float[] direction) {
        float[] ahead = x.clone();
        float[] behind = x.clone();
        for (int i = 0; i < x.length; i++) {
            ahead[i] += direction[i] / 2;
            behind[i] -= direction[i] / 2;
        }
        return classifier.losses(ahead, label)[0] - classifier.losses(behind, label)[0];
    }

    private static float[] unit(float[] direction) {
        double length = Math.sqrt(dot(direction, direction));
        float[] unit = direction.clone();
        for (int i = 0; i < unit.length; i++) {
            unit[i] /= (float) length;
        }
        return unit;
    }

    private static double dot(float[] a, float[] b) {
        return IntStream.range(0, a.length)
                .mapToDouble(i -> (double) a[i] * b[i])
                .sum();
    }

    @Test
    void imagesOfABatchDoNotInfluenceEachOther() {
        ImageSet images = BrightAndDark.images(GREY, 300, 5);
        float[] x = Classifier.floats(images.images().data());
        try (Classifier classifier = trained(GREY)) {
            float[] together = classifier.lossGradients(x, labels(images));
            int size = GREY.dimensions();
            for (int i : new int[] {0, 249, 250, 299}) {
                float[] alone = classifier.lossGradients(
                        Arrays.copyOfRange(x, i * size, (i + 1) * size), new int[] {labels(images)[i]});
                float[] part = Arrays.copyOfRange(together, i * size, (i + 1) * size);
                assertThat(alone).containsExactly(part, within(1e-6f));
            }
        }
    }

    @Test
    void theSamePlanGivesTheSameWeights() {
        try (Classifier one = trained(GREY);
                Classifier other = trained(GREY)) {
            assertThat(one.weights()).containsExactly(other.weights());
        }
    }

    @Test
    void anotherSeedGivesOtherWeights() {
        ImageSet images = BrightAndDark.images(GREY, 320, 1);
        ClassifierPlan plan = new ClassifierPlan(ClassifierArchitecture.POOLED, 2, 16, 0.003, 2);
        try (Classifier one = trained(GREY);
                Classifier other = new ClassifierTrainer(plan, (i, of, loss) -> {}).train(images)) {
            assertThat(one.weights()).isNotEqualTo(other.weights());
        }
    }

    @Test
    void aKeptClassifierIsNotTrainedAgainAndAnswersTheSame(@TempDir Path folder) throws IOException {
        ImageSet images = BrightAndDark.images(GREY, 320, 1);
        Levels test = BrightAndDark.images(GREY, 50, 6).images();
        AtomicInteger steps = new AtomicInteger();
        ClassifierTrainer.Listener counting = (i, of, loss) -> steps.incrementAndGet();
        ClassifierFile file = new ClassifierFile(folder);
        try (Classifier first = file.readOrTrain(images, SHORT, counting)) {
            int needed = steps.get();
            assertThat(needed).isPositive();
            try (Classifier second = file.readOrTrain(images, SHORT, counting)) {
                assertThat(steps).hasValue(needed);
                assertThat(second.weights()).containsExactly(first.weights());
                assertThat(second.predict(test)).containsExactly(first.predict(test));
            }
        }
    }

    @Test
    void anotherArchitectureMakesAnotherFile(@TempDir Path folder) throws IOException {
        ImageSet images = BrightAndDark.images(GREY, 64, 1);
        ClassifierFile file = new ClassifierFile(folder);
        for (ClassifierArchitecture architecture : ClassifierArchitecture.values()) {
            ClassifierPlan plan = new ClassifierPlan(architecture, 1, 16, 0.003, 1);
            file.readOrTrain(images, plan, (i, of, loss) -> {}).close();
        }
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void otherLabelsMakeAnotherFile(@TempDir Path folder) throws IOException {
        ImageSet images = BrightAndDark.images(GREY, 64, 1);
        int[] swapped = IntStream.of(labels(images)).map(label -> 1 - label).toArray();
        ClassifierFile file = new ClassifierFile(folder);
        file.readOrTrain(images, SHORT, (i, of, loss) -> {}).close();
        file.readOrTrain(new ImageSet("swapped", images.images(), swapped), SHORT, (i, of, loss) -> {})
                .close();
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void imagesOfAnotherShapeAreRefused() {
        try (Classifier classifier = trained(GREY)) {
            assertThatThrownBy(() ->
                            classifier.predict(BrightAndDark.images(RGB, 1, 1).images()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("expected 8×8 grey images of 256 levels, found 6×9 RGB of 256");
            assertThatThrownBy(() -> classifier.lossGradients(new float[64], new int[] {2}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("expected labels 0 to 1, found 2");
        }
    }
}
