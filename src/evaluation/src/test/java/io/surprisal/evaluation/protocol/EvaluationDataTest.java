package io.surprisal.evaluation.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surprisal.detector.calibration.CalibrationSource;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.data.DataException;
import io.surprisal.training.data.DataFolder;
import io.surprisal.training.data.ImageSet;
import io.surprisal.training.data.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What can go wrong: a calibration image among those the classifier learns from, or one that the model was not trained on in "train". */
class EvaluationDataTest {
    private static final ImageShape SHAPE = new ImageShape(1, 4, 4);
    private static final EvaluationPlan PLAN = new EvaluationPlan(
            10, 20, 30, List.of(2), 1, List.of(0.05), 1, 3, EvaluationPlan.Suite.STANDARD, 0, 1, List.of());
    private static final long MODEL_SEED = 5;

    /** Image i holds the number i, in two bytes. */
    private static ImageSet numbered(String name, int from, int count) {
        byte[] data = new byte[count * SHAPE.dimensions()];
        for (int i = 0; i < count; i++) {
            data[i * SHAPE.dimensions()] = (byte) ((from + i) / 256);
            data[i * SHAPE.dimensions() + 1] = (byte) ((from + i) % 256);
        }
        return new ImageSet(
                name,
                Levels.of(SHAPE, 256, count, data),
                IntStream.range(from, from + count).map(i -> i % 2).toArray());
    }

    private static List<Integer> numbers(ImageSet images) {
        List<Integer> numbers = new ArrayList<>();
        byte[] data = images.images().data();
        for (int i = 0; i < images.size(); i++) {
            int at = i * SHAPE.dimensions();
            numbers.add(256 * Byte.toUnsignedInt(data[at]) + Byte.toUnsignedInt(data[at + 1]));
        }
        return numbers;
    }

    private static final DataFolder FOLDER =
            new DataFolder("numbers", numbered("numbers/train", 0, 600), numbered("numbers/test", 600, 50));
    private static final Split SPLIT = Split.of(FOLDER.train(), 40, 100, MODEL_SEED);

    private static EvaluationData choose(CalibrationSource calibration) throws DataException {
        return EvaluationData.choose(FOLDER, SHAPE, calibration, MODEL_SEED, PLAN);
    }

    private static CalibrationSource calibration() {
        return CalibrationSource.of("split", SPLIT.calibration().images());
    }

    @Test
    void theCalibrationSplitIsFoundAgainWhateverTheSizeOfTheValidationSplit() throws DataException {
        EvaluationData data = choose(calibration());
        assertThat(data.reproduced()).isTrue();
        assertThat(numbers(data.classifierTraining())).doesNotContainAnyElementsOf(numbers(SPLIT.calibration()));
        assertThat(numbers(SPLIT.training())).containsAll(numbers(data.train()));
        assertThat(data.train().size()).isEqualTo(30);
    }

    @Test
    void aCalibrationSplitOfOtherImagesIsNotTakenForReproduced() throws DataException {
        EvaluationData data = choose(CalibrationSource.of("other", FOLDER.test().images()));
        assertThat(data.reproduced()).isFalse();
        assertThat(data.classifierTraining().size()).isEqualTo(600);
    }

    @Test
    void cleanAndAttackedImagesAreTestImagesOnceEach() throws DataException {
        EvaluationData data = choose(calibration());
        assertThat(numbers(data.clean())).hasSize(20).doesNotHaveDuplicates().allMatch(number -> number >= 600);
        assertThat(numbers(data.attacked())).isEqualTo(numbers(data.clean()).subList(0, 10));
        int[] labels = Objects.requireNonNull(data.attacked().labels());
        assertThat(Arrays.stream(labels).boxed())
                .isEqualTo(numbers(data.attacked()).stream().map(n -> n % 2).toList());
    }

    @Test
    void aSmallTestSetIsTakenWhole() throws DataException {
        EvaluationPlan large = new EvaluationPlan(
                2000, 10_000, 2000, List.of(2), 1, List.of(0.05), 1, 3, EvaluationPlan.Suite.STANDARD, 0, 1, List.of());
        EvaluationData data = EvaluationData.choose(FOLDER, SHAPE, calibration(), MODEL_SEED, large);
        assertThat(data.clean().size()).isEqualTo(50);
        assertThat(data.attacked().size()).isEqualTo(50);
    }

    @Test
    void imagesOfAnotherShapeThanTheModelsAreRefused() {
        assertThatThrownBy(() -> EvaluationData.choose(FOLDER, new ImageShape(3, 4, 4), calibration(), 1, PLAN))
                .isInstanceOf(DataException.class)
                .hasMessage("numbers/train: expected 4×4 RGB images, as the model takes, found 4×4 grey");
    }

    @Test
    void imagesWithoutLabelsAreRefused() {
        ImageSet unlabelled = new ImageSet("plain", FOLDER.test().images(), null);
        DataFolder folder = new DataFolder("plain", FOLDER.train(), unlabelled);
        assertThatThrownBy(() -> EvaluationData.choose(folder, SHAPE, calibration(), 1, PLAN))
                .isInstanceOf(DataException.class)
                .hasMessage("plain: expected labels (an attack needs a classifier), found none");
    }
}
