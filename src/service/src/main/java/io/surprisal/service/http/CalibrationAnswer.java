package io.surprisal.service.http;

import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.Cascade;
import io.surprisal.detector.calibration.ReferenceScores;
import io.surprisal.detector.calibration.Stage;
import io.surprisal.detector.calibration.TooFewCleanImagesException;
import io.surprisal.detector.statistic.Statistic;
import io.surprisal.detector.verdict.Decision;
import io.surprisal.service.model.ServedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What clean images score, by which a model judges. */
public record CalibrationAnswer(
        @Schema(examples = "fashion-mnist") String model,
        @Schema(examples = "1") String version,

        @Schema(description = "The statistic that decides by default.")
        String statistic,

        @Schema(description = "The false-positive rate it decides at by default.", examples = "0.01")
        double falsePositiveRate,

        List<Reference> statistics) {
    /** What clean images score by one statistic. */
    @Schema(name = "Reference")
    public record Reference(
            @Schema(examples = "bits-per-dimension") String name,
            @Schema(examples = "bits per dimension") String words,

            @Schema(description = "Clean images behind it.") int images,

            Histogram histogram,

            @Schema(
                    description =
                            "What they score in a cascade, by the density that decided on them, for each stage in which one of them ended; null when the model has no screen, and its histogram is of all that decides.",
                    nullable = true)
            @Nullable
            List<InStage> stages,

            @Schema(
                    description =
                            "Scores above which an image is flagged, for each rate that so many images support, the one it decides at by default among them.")
            List<Threshold> thresholds) {
        static Reference of(ServedModel model, Statistic statistic, ReferenceScores scores, double decidingRate) {
            List<Threshold> thresholds = new ArrayList<>();
            double[] rates = DoubleStream.concat(DoubleStream.of(RATES), DoubleStream.of(decidingRate))
                    .sorted()
                    .distinct()
                    .toArray();
            for (double rate : rates) {
                try {
                    double threshold = model.threshold(statistic.name(), rate);
                    if (Double.isFinite(threshold)) {
                        thresholds.add(new Threshold(rate, threshold));
                    }
                } catch (TooFewCleanImagesException e) {
                    // Nothing can be said at this rate, so nothing is.
                }
            }
            return new Reference(
                    statistic.name(),
                    statistic.words(),
                    scores.size(),
                    Histogram.of(scores),
                    InStage.all(model, statistic),
                    thresholds);
        }
    }

    /** What the clean images score that ended in one stage of a cascade. */
    @Schema(name = "InStage")
    public record InStage(
            @Schema(enumeration = {"cleared", "unsure", "suspect"})
            String stage,

            @Schema(description = "Clean images that ended there.")
            int images,

            Histogram histogram) {
        static InStage of(Stage stage, double[] scores) {
            return new InStage(stage.word(), scores.length, Histogram.of(ReferenceScores.of(scores)));
        }

        /** Of every stage in which an image ended; null where there is no screen. */
        static @Nullable List<InStage> all(ServedModel model, Statistic statistic) {
            return model.cascade()
                    .map(Cascade::scores)
                    .map(all -> all.stream()
                            .filter(own -> own.statistic().name().equals(statistic.name()))
                            .flatMap(own -> Arrays.stream(Stage.values())
                                    .filter(stage -> own.of(stage).length > 0)
                                    .map(stage -> InStage.of(stage, own.of(stage))))
                            .toList())
                    .orElse(null);
        }
    }

    /** Counts of scores in bins of equal width; the first and the last hold all that lies beyond. */
    @Schema(name = "Histogram")
    public record Histogram(double from, double to, List<Integer> counts) {
        private static final int BINS = 60;
        private static final double TAIL = 0.002;

        static Histogram of(ReferenceScores references) {
            double[] ascending = references.toArray();
            int[] weights = references.weights();
            double from = quantile(ascending, weights, TAIL);
            double to = quantile(ascending, weights, 1 - TAIL);
            int[] counts = new int[BINS];
            for (int i = 0; i < ascending.length; i++) {
                double place = to > from ? BINS * (ascending[i] - from) / (to - from) : 0;
                counts[(int) Math.clamp(place, 0, BINS - 1)] += weights[i];
            }
            counts[BINS - 1] += references.above();
            return new Histogram(from, to, Arrays.stream(counts).boxed().toList());
        }

        private static double quantile(double[] ascending, int[] weights, double share) {
            long rank =
                    Math.round(share * (Arrays.stream(weights).asLongStream().sum() - 1));
            int place = 0;
            for (long passed = weights[0]; passed <= rank; passed += weights[place]) {
                place++;
            }
            return ascending[place];
        }
    }

    /** A false-positive rate and the score above which it flags. */
    @Schema(name = "Threshold")
    public record Threshold(double falsePositiveRate, double score) {}

    private static final double[] RATES = {0.001, 0.01, 0.05};

    static CalibrationAnswer of(ServedModel model) {
        Calibration calibration = model.calibration();
        Decision decision = model.defaultDecision();
        List<Reference> statistics = new ArrayList<>();
        for (int i = 0; i < calibration.statistics().size(); i++) {
            statistics.add(Reference.of(
                    model,
                    calibration.statistics().get(i),
                    calibration.references().get(i),
                    decision.falsePositiveRate()));
        }
        return new CalibrationAnswer(
                model.manifest().name(),
                model.manifest().version(),
                decision.statistic(),
                decision.falsePositiveRate(),
                statistics);
    }
}
