package io.surprisal.evaluation.protocol;

import io.surprisal.detector.Detector;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.calibration.CalibrationSource;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.evaluation.attack.Attack;
import io.surprisal.evaluation.attack.AttackSuite;
import io.surprisal.evaluation.attack.OtherImages;
import io.surprisal.evaluation.attack.Victim;
import io.surprisal.evaluation.report.EvaluationReport;
import io.surprisal.evaluation.report.EvaluationReport.AttackResult;
import io.surprisal.evaluation.report.EvaluationReport.AttackedClassifier;
import io.surprisal.evaluation.report.EvaluationReport.CalibrationSplit;
import io.surprisal.evaluation.report.EvaluationReport.Data;
import io.surprisal.evaluation.report.EvaluationReport.ImageBits;
import io.surprisal.evaluation.report.EvaluationReport.Model;
import io.surprisal.evaluation.report.EvaluationReport.Protocol;
import io.surprisal.evaluation.report.EvaluationReport.Surrogate;
import io.surprisal.evaluation.score.AttackedScores;
import io.surprisal.evaluation.score.Scorer;
import io.surprisal.evaluation.score.Scores;
import io.surprisal.evaluation.score.Workers;
import io.surprisal.training.classifier.Classifier;
import io.surprisal.training.data.ImageSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Attacks a classifier, shows what comes out to the detector, and counts.
 *
 * <p>The rules: thresholds come from the bundle's calibration split, which is disjoint from training and test. What is attacked are
 * test images. Detection is reported on successful attacks (the clean image was classified rightly, the attacked one is not) and on
 * all, beside the false-positive rate that clean test images really show. Adaptive attacks, where the weights of the density are at hand, know the
 * detector; the others do not.
 */
public final class Evaluation {
    private static final int EXAMPLES = 10;

    private final Detector detector;
    private final EvaluationPlan plan;
    private final Progress progress;
    private final Measurements measurements;

    /** @throws io.surprisal.detector.calibration.TooFewCleanImagesException when the bundle cannot test at one of the rates */
    public Evaluation(Detector detector, EvaluationPlan plan, Progress progress) {
        plan.falsePositiveRates().forEach(detector.ranks()::requireRate);
        this.detector = detector;
        this.plan = plan;
        this.progress = progress;
        this.measurements =
                new Measurements(detector.ranks(), detector.cascade().isPresent(), plan.falsePositiveRates());
    }

    /**
     * Runs all of it.
     *
     * @param densities the weights of the bundle's densities, for attackers who know them; null for none of those
     * @throws IllegalArgumentException when the weights are not the bundle's
     */
    public EvaluationOutcome run(EvaluationData data, Classifiers classifiers, @Nullable KnownDensities densities) {
        if (densities != null) {
            densities.requireThoseOf(detector, data.clean().images());
        }
        Classifier classifier = classifiers.attacked().classifier();
        long start = System.nanoTime();
        try (Workers workers = new Workers(plan.threads())) {
            Scorer scorer = new Scorer(detector, workers);
            Victim victim = new ParallelVictim(classifier, workers);
            Scores train = score(scorer, "training images", data.train().images());
            Scores clean = score(scorer, "clean test images", data.clean().images());
            List<ImageBits> bits = new ArrayList<>();
            bits.add(Measurements.bits("train", train));
            bits.add(Measurements.bits("test", clean));
            int[] right = right(classifier, data.attacked());
            List<AttackedScores> attacked = new ArrayList<>();
            List<AttackResult> results = new ArrayList<>();
            List<Attack> adaptive = densities == null
                    ? List.of()
                    : new AdaptiveAttacks(detector, plan, scorer, workers, densities).all();
            int known = Math.min(plan.adaptiveImages(), data.attacked().size());
            ImageSet few =
                    adaptive.isEmpty() ? data.attacked() : data.attacked().slice("adaptively attacked", 0, known);
            List<Attack> attacks = attacks(classifier.classes());
            Classifiers.Seeded surrogate = classifiers.surrogate();
            if (surrogate != null) {
                Victim other = new ParallelVictim(surrogate.classifier(), workers);
                attacks.addAll(AttackSuite.transferred(plan.epsilons(), other));
            }
            data.others().forEach(other -> attacks.add(new OtherImages(other.name(), other.images())));
            attacks.addAll(adaptive);
            for (Attack attack : attacks) {
                ImageSet images = adaptive.contains(attack) ? few : data.attacked();
                int[] own = attack.keepsLabels()
                        ? IntStream.of(right).filter(i -> i < images.size()).toArray()
                        : new int[0];
                AttackedScores scores = attack(scorer, attack, images, classifier, victim, own);
                attacked.add(scores);
                bits.add(Measurements.bits(attack.title(), scores.scores()));
                results.add(measurements.attack(scores, own.length, clean));
            }
            double accuracy = classifier.accuracy(data.clean());
            EvaluationReport report = new EvaluationReport(
                    EvaluationReport.SCHEMA_VERSION,
                    model(),
                    new Data(
                            data.name(),
                            data.testSha256(),
                            train.images(),
                            clean.images(),
                            data.attacked().size()),
                    calibration(data.reproduced()),
                    new AttackedClassifier(
                            data.classifierTraining().size(),
                            classifiers.attacked().seed(),
                            accuracy,
                            surrogate == null
                                    ? null
                                    : new Surrogate(
                                            surrogate.seed(),
                                            surrogate.classifier().accuracy(data.clean()))),
                    new Protocol(plan.seed(), plan.epsilons(), plan.pgdSteps(), plan.falsePositiveRates()),
                    bits,
                    measurements.falsePositives(clean),
                    results,
                    (System.nanoTime() - start) * 1e-9);
            return new EvaluationOutcome(
                    report, train, clean, attacked, examples(data.attacked().images()));
        }
    }

    private List<Attack> attacks(int classes) {
        return new ArrayList<>(
                plan.suite() == EvaluationPlan.Suite.FULL
                        ? AttackSuite.full(plan.epsilons(), plan.pgdSteps(), plan.seed(), classes)
                        : AttackSuite.standard(plan.epsilons(), plan.pgdSteps(), plan.seed()));
    }

    private AttackedScores attack(
            Scorer scorer, Attack attack, ImageSet images, Classifier classifier, Victim victim, int[] right) {
        int[] labels = labels(images);
        progress.begin(attack.title(), 2L * images.size());
        Levels attacked = attack.perturb(images.images(), labels, victim);
        int[] predicted = classifier.predict(attacked);
        int[] successful =
                IntStream.of(right).filter(i -> predicted[i] != labels[i]).toArray();
        progress.advance(images.size());
        return new AttackedScores(attack, scorer.score(attacked, progress::advance), successful, examples(attacked));
    }

    /** The places of the images that the classifier has right. */
    private static int[] right(Classifier classifier, ImageSet images) {
        int[] labels = labels(images);
        int[] predicted = classifier.predict(images.images());
        return IntStream.range(0, labels.length)
                .filter(i -> predicted[i] == labels[i])
                .toArray();
    }

    private Scores score(Scorer scorer, String name, Levels images) {
        progress.begin(name, images.count());
        return scorer.score(images, progress::advance);
    }

    private static Levels examples(Levels images) {
        return images.slice(0, Math.min(EXAMPLES, images.count()));
    }

    private static int[] labels(ImageSet images) {
        return Objects.requireNonNull(images.labels(), "images chosen for an evaluation have labels");
    }

    private Model model() {
        BundleManifest manifest = detector.manifest();
        return new Model(
                manifest.name(),
                manifest.version(),
                manifest.family(),
                Objects.requireNonNull(manifest.files().get("model.onnx"), "a loaded bundle has the hash of its model"),
                detector.cascade().isPresent());
    }

    private CalibrationSplit calibration(boolean reproduced) {
        CalibrationSource source = detector.calibration().source();
        return new CalibrationSplit(source.name(), source.images(), source.sha256(), reproduced);
    }
}
