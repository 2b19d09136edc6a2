package io.surprisal.evaluation.protocol;

import io.surprisal.detector.Detector;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.calibration.CalibrationSource;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.evaluation.attack.Attack;
import io.surprisal.evaluation.attack.AttackSuite;
import io.surprisal.evaluation.attack.LossGradients;
import io.surprisal.evaluation.report.EvaluationReport;
import io.surprisal.evaluation.report.EvaluationReport.AttackResult;
import io.surprisal.evaluation.report.EvaluationReport.AttackedClassifier;
import io.surprisal.evaluation.report.EvaluationReport.CalibrationSplit;
import io.surprisal.evaluation.report.EvaluationReport.Data;
import io.surprisal.evaluation.report.EvaluationReport.ImageBits;
import io.surprisal.evaluation.report.EvaluationReport.Model;
import io.surprisal.evaluation.report.EvaluationReport.Protocol;
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

/**
 * Attacks a classifier, shows what comes out to the detector, and counts.
 *
 * <p>The rules: thresholds come from the bundle's calibration split, which is disjoint from training and test. What is attacked are
 * test images. Detection is reported on successful attacks (the clean image was classified rightly, the attacked one is not) and on
 * all, beside the false-positive rate that clean test images really show. The attacks here do not know the detector; an adaptive
 * attacker who does will do better.
 */
public final class Evaluation {
    private static final int EXAMPLES = 10;

    private final Detector detector;
    private final EvaluationPlan plan;
    private final Progress progress;
    private final Measurements measurements;

    /** @throws io.surprisal.detector.calibration.TooFewCleanImagesException when the bundle cannot test at one of the rates */
    public Evaluation(Detector detector, EvaluationPlan plan, Progress progress) {
        plan.falsePositiveRates().forEach(detector.calibration()::requireRate);
        this.detector = detector;
        this.plan = plan;
        this.progress = progress;
        this.measurements = new Measurements(detector.calibration(), plan.falsePositiveRates());
    }

    public EvaluationOutcome run(EvaluationData data, Classifier classifier, long classifierSeed) {
        long start = System.nanoTime();
        try (Workers workers = new Workers(plan.threads())) {
            Scorer scorer = new Scorer(detector, workers);
            LossGradients gradients = new ParallelGradients(classifier, workers);
            Scores train = score(scorer, "training images", data.train().images());
            Scores clean = score(scorer, "clean test images", data.clean().images());
            List<ImageBits> bits = new ArrayList<>();
            bits.add(Measurements.bits("train", train));
            bits.add(Measurements.bits("test", clean));
            int[] right = right(classifier, data.attacked());
            List<AttackedScores> attacked = new ArrayList<>();
            List<AttackResult> results = new ArrayList<>();
            for (Attack attack : AttackSuite.standard(plan.epsilons(), plan.pgdSteps(), plan.seed())) {
                AttackedScores scores = attack(scorer, attack, data.attacked(), classifier, gradients, right);
                attacked.add(scores);
                bits.add(Measurements.bits(attack.title(), scores.scores()));
                results.add(measurements.attack(scores, right.length, clean));
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
                    new AttackedClassifier(data.classifierTraining().size(), classifierSeed, accuracy),
                    new Protocol(plan.seed(), plan.epsilons(), plan.pgdSteps(), plan.falsePositiveRates()),
                    bits,
                    measurements.falsePositives(clean),
                    results,
                    (System.nanoTime() - start) * 1e-9);
            return new EvaluationOutcome(
                    report, train, clean, attacked, examples(data.attacked().images()));
        }
    }

    private AttackedScores attack(
            Scorer scorer,
            Attack attack,
            ImageSet images,
            Classifier classifier,
            LossGradients gradients,
            int[] right) {
        int[] labels = labels(images);
        progress.begin(attack.title(), 2L * images.size());
        Levels attacked = attack.perturb(images.images(), labels, gradients);
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
                Objects.requireNonNull(
                        manifest.files().get("model.onnx"), "a loaded bundle has the hash of its model"));
    }

    private CalibrationSplit calibration(boolean reproduced) {
        CalibrationSource source = detector.calibration().source();
        return new CalibrationSplit(source.name(), source.images(), source.sha256(), reproduced);
    }
}
