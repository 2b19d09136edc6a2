package io.surprisal.evaluation.report;

import io.surprisal.detector.calibration.Stage;
import io.surprisal.evaluation.metric.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything an evaluation found, and everything it takes to repeat it. {@code report.json} is this record, field by field. Rates
 * are 0..1; what cannot be measured (a rate of no images) is null.
 *
 * @param schemaVersion of {@code report.json}
 * @param model under test
 * @param data it was tested on
 * @param calibration where its thresholds come from
 * @param classifier that was attacked
 * @param protocol how
 * @param bitsPerDimension of each set of images
 * @param falsePositives on clean test images, for each statistic and rate
 * @param attacks in the order of the protocol
 * @param seconds the whole evaluation took, without training the classifier
 */
public record EvaluationReport(
        int schemaVersion,
        Model model,
        Data data,
        CalibrationSplit calibration,
        AttackedClassifier classifier,
        Protocol protocol,
        List<ImageBits> bitsPerDimension,
        List<FalsePositives> falsePositives,
        List<AttackResult> attacks,
        double seconds) {

    /** Of the format written by this code. */
    public static final int SCHEMA_VERSION = 3;

    public EvaluationReport {
        if (schemaVersion != SCHEMA_VERSION) {
            throw new IllegalArgumentException(
                    "expected schema version " + SCHEMA_VERSION + ", found " + schemaVersion);
        }
        bitsPerDimension = List.copyOf(bitsPerDimension);
        falsePositives = List.copyOf(falsePositives);
        attacks = List.copyOf(attacks);
    }

    /**
     * As in {@code bundle.json}; the hash is that of {@code model.onnx}.
     *
     * @param screened whether a screen decides with it; bits per dimension of an image are then those of the density that decided on it
     */
    public record Model(String name, String version, String family, String sha256, boolean screened) {}

    /**
     * @param name of the data set
     * @param testSha256 of all its test images
     * @param trainImages images that the model was trained on, for comparison only
     * @param cleanImages clean test images
     * @param attackedImages how many of the clean test images were attacked
     */
    public record Data(String name, String testSha256, int trainImages, int cleanImages, int attackedImages) {}

    /**
     * @param name of the split, as the bundle has it
     * @param images in it
     * @param sha256 of its images
     * @param reproduced whether the same split was cut out of this data set again, with the bundle's seed, and had this hash. If not,
     *     it is the bundle's word alone that the "train" images below were trained on and the classifier saw none of the calibration
     */
    public record CalibrationSplit(String name, int images, String sha256, boolean reproduced) {}

    /**
     * @param trainingImages it learnt from
     * @param seed of its weights
     * @param accuracy on the clean test images, 0..1
     * @param surrogate another classifier, trained on the same images, against which the images of transfer attacks were made; null where there
     *     are none
     */
    public record AttackedClassifier(
            int trainingImages,
            long seed,
            double accuracy,
            @Nullable Surrogate surrogate) {}

    /**
     * @param seed of its weights
     * @param accuracy on the clean test images, 0..1
     */
    public record Surrogate(long seed, double accuracy) {}

    /**
     * @param seed of the choice of images, random starts and noise
     * @param epsilons of the attacks, levels
     * @param pgdSteps steps of PGD, each of 2.5·ε/steps levels
     * @param falsePositiveRates asked for
     */
    public record Protocol(long seed, List<Integer> epsilons, int pgdSteps, List<Double> falsePositiveRates) {}

    /**
     * @param set {@code train}, {@code test}, or an attack's title
     * @param images in it
     * @param mean bits per dimension
     * @param standardDeviation of the images' bits per dimension; 0 for a single image
     */
    public record ImageBits(String set, int images, double mean, double standardDeviation) {}

    /**
     * @param statistic that decides
     * @param requested the rate asked for
     * @param references clean scores behind the threshold
     * @param threshold what is beyond it is flagged
     * @param flagged clean test images above it
     * @param images clean test images
     * @param reached flagged / images
     * @param interval Clopper–Pearson, 95 %, of the rate reached
     * @param requestedInside whether the interval holds the rate asked for
     * @param reachable the central 95 % of what a sound test reaches on as many images, its threshold being from a sample too
     */
    public record FalsePositives(
            String statistic,
            double requested,
            int references,
            Threshold threshold,
            int flagged,
            int images,
            double reached,
            Interval interval,
            boolean requestedInside,
            Interval reachable) {}

    /**
     * Where flagging begins.
     *
     * @param rank of the threshold among the clean images of the calibration, from the most extreme: so many are at least as extreme
     * @param stage of the cascade in which it lies: an image that ends in a later one is flagged, one that ends in an earlier one is not, and
     *     in this one the score decides; null without a screen
     * @param score a score above it is flagged, by the density that decides in that stage
     */
    public record Threshold(int rank, @Nullable Stage stage, double score) {}

    /**
     * @param title for people; names the set in {@link #bitsPerDimension}
     * @param attack {@code fgsm}, {@code deepfool}, {@code noise}, or the name of another data set
     * @param budget how much it may change: {@code ε = 8}, {@code 7×7}
     * @param region {@code everywhere} or {@code foreground}
     * @param images attacked
     * @param correctBefore how many of them the classifier had right when clean
     * @param successful how many of those it has wrong now
     * @param meanBitsPerDimension of all of them
     * @param detections for each statistic, on all and on the successful ones
     */
    public record AttackResult(
            String title,
            String attack,
            String budget,
            String region,
            int images,
            int correctBefore,
            int successful,
            double meanBitsPerDimension,
            List<Detection> detections) {

        /** Of the images the classifier had right, 0..1; null when it had none right. */
        public @Nullable Double successRate() {
            return correctBefore == 0 ? null : (double) successful / correctBefore;
        }
    }

    /** Which of an attack's images count. */
    public enum Subset {
        ALL,
        SUCCESSFUL
    }

    /**
     * @param statistic that decides
     * @param subset of the attacked images
     * @param images in it
     * @param auroc against all clean test images; null without images
     * @param truePositives at each rate asked for
     */
    public record Detection(
            String statistic,
            Subset subset,
            int images,
            @Nullable Double auroc,
            List<TruePositives> truePositives) {}

    /**
     * @param falsePositiveRate asked for; the threshold is the calibration's
     * @param flagged images
     * @param rate flagged / images; null without images
     * @param interval Clopper–Pearson, 95 %; null without images
     */
    public record TruePositives(
            double falsePositiveRate,
            int flagged,
            @Nullable Double rate,
            @Nullable Interval interval) {}
}
