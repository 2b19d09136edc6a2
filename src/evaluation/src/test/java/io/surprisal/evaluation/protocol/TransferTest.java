package io.surprisal.evaluation.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.surprisal.detector.Detector;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.evaluation.attack.AttackSuite;
import io.surprisal.evaluation.protocol.EvaluationPlan.Suite;
import io.surprisal.evaluation.report.EvaluationReport;
import io.surprisal.evaluation.report.EvaluationReport.AttackResult;
import io.surprisal.evaluation.score.Workers;
import io.surprisal.training.classifier.Classifier;
import io.surprisal.training.classifier.ClassifierArchitecture;
import io.surprisal.training.classifier.ClassifierPlan;
import io.surprisal.training.classifier.ClassifierTrainer;
import io.surprisal.training.data.ImageSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * What can go wrong: success that is counted on the classifier the images were made against, and not on the one that is attacked. So one surrogate has learnt
 * the same as the attacked classifier, and one the opposite: its own mistakes are what the attacked one has right.
 */
@TestInstance(Lifecycle.PER_CLASS)
class TransferTest {
    private static final TinyBundle BUNDLE = TinyBundle.grey();
    private static final int EPSILON = 32;
    private static final EvaluationPlan PLAN =
            new EvaluationPlan(100, 200, 50, List.of(EPSILON), 5, List.of(0.05), 1, 1, Suite.STANDARD, 0, 1, List.of());

    @TempDir
    static Path folder = Path.of("");

    private final ImageSet training = images(900, 101, 0);
    private final ImageSet test = images(200, 102, 0);
    private final Classifier attacked = trained(ClassifierArchitecture.POOLED, training, 1);
    private final Classifier alike = trained(ClassifierArchitecture.STRIDED, training, 2);
    private final Classifier opposite = trained(ClassifierArchitecture.STRIDED, images(900, 101, 1), 2);
    private Detector detector;

    /** Labelled by whether they are brighter than the middle grey, or darker. */
    private static ImageSet images(int count, long seed, int darker) {
        Levels images = BUNDLE.clean(count, seed);
        int size = images.shape().dimensions();
        int[] labels = IntStream.range(0, count)
                .map(image -> IntStream.range(image * size, (image + 1) * size)
                                        .map(i -> Byte.toUnsignedInt(images.data()[i]))
                                        .sum()
                                > 127 * size
                        ? 1 - darker
                        : darker)
                .toArray();
        return new ImageSet("tiny", images, labels);
    }

    private static Classifier trained(ClassifierArchitecture architecture, ImageSet images, long seed) {
        ClassifierPlan plan = new ClassifierPlan(architecture, 4, 64, 0.003, seed);
        return new ClassifierTrainer(plan, (done, of, loss) -> {}).train(images);
    }

    @BeforeAll
    void load() {
        detector = Detector.load(BUNDLE.write(folder.resolve("tiny")));
    }

    @AfterAll
    void close() {
        detector.close();
        List.of(attacked, alike, opposite).forEach(Classifier::close);
    }

    private EvaluationReport report(Classifier surrogate) {
        ImageSet attackedImages = test.slice("attacked", 0, 100);
        EvaluationData data = new EvaluationData(
                "tiny",
                test.sha256(),
                training,
                training.slice("train", 0, 50),
                test,
                attackedImages,
                List.of(),
                false);
        Classifiers both = new Classifiers(new Classifiers.Seeded(attacked, 1), new Classifiers.Seeded(surrogate, 2));
        return new Evaluation(detector, PLAN, new Progress() {
                    @Override
                    public void begin(String name, long steps) {}

                    @Override
                    public void advance(long steps) {}
                })
                .run(data, both, null)
                .report();
    }

    private static AttackResult transfer(EvaluationReport report) {
        return report.attacks().stream()
                .filter(attack -> attack.attack().equals("transfer-mi-fgsm"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatFoolsOneThatLearntTheSameFoolsTheAttackedOneToo() {
        EvaluationReport report = report(alike);
        assertThat(report.classifier().surrogate()).isEqualTo(new EvaluationReport.Surrogate(2, alike.accuracy(test)));
        assertThat(alike.accuracy(test)).isGreaterThan(0.8);
        assertThat(transfer(report).budget()).isEqualTo("ε = " + EPSILON);
        assertThat(transfer(report).successRate()).isGreaterThan(0.1);
        // Of the same size, but not made against anything.
        AttackResult noise = report.attacks().stream()
                .filter(attack -> attack.attack().equals("noise"))
                .findFirst()
                .orElseThrow();
        assertThat(transfer(report).successful()).isGreaterThan(noise.successful());
    }

    /** Every image that the opposite one has wrong is no success, and what makes it worse there makes it better here. */
    @Test
    void mistakesOfTheSurrogateAreNoSuccess() {
        int[] labels = labels(test.slice("attacked", 0, 100));
        Levels made = made(opposite, labels);
        int[] seen = opposite.predict(made);
        assertThat(IntStream.range(0, 100).filter(i -> seen[i] != labels[i]).count())
                .isGreaterThan(90);
        assertThat(transfer(report(opposite)).successRate()).isLessThan(0.05);
    }

    /** As many as the attacked classifier, asked here, has right before and wrong after. */
    @Test
    void successIsWhatTheAttackedClassifierSays() {
        ImageSet images = test.slice("attacked", 0, 100);
        int[] labels = labels(images);
        int[] before = attacked.predict(images.images());
        int[] after = attacked.predict(made(alike, labels));
        long right = IntStream.range(0, 100).filter(i -> before[i] == labels[i]).count();
        long fooled = IntStream.range(0, 100)
                .filter(i -> before[i] == labels[i] && after[i] != labels[i])
                .count();
        AttackResult result = transfer(report(alike));
        assertThat(result.correctBefore()).isEqualTo((int) right);
        assertThat(result.successful()).isEqualTo((int) fooled);
    }

    private static int[] labels(ImageSet images) {
        return Objects.requireNonNull(images.labels(), "labelled above");
    }

    private Levels made(Classifier surrogate, int[] labels) {
        try (Workers workers = new Workers(1)) {
            ParallelVictim known = new ParallelVictim(surrogate, workers);
            return AttackSuite.transferred(List.of(EPSILON), known)
                    .getFirst()
                    .perturb(test.slice("attacked", 0, 100).images(), labels, new ParallelVictim(attacked, workers));
        }
    }
}
