package io.surprisal.detector.calibration;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.statistic.BitsPerDimension;
import io.surprisal.detector.statistic.Panel;
import io.surprisal.detector.statistic.Statistic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * For each statistic, what clean images score: what turns a score into a p-value.
 *
 * <p>A p-value is valid if the image in question, were it clean, is exchangeable with the images behind the reference
 * scores. So the clean images come from a split of their own, disjoint from training and test. A statistic that is
 * itself fitted (typicality's mean, the mixture of the combined one) is fitted on the even-numbered images of that split and has
 * its reference scores from the odd-numbered ones: fitted on the very images it is then ranked against, it would centre
 * on them and call new clean images a little too extreme. Interleaved and not cut in the middle, so that a split that
 * is sorted by class does no harm. Such a statistic has half as many reference scores; validity is exact, not
 * asymptotic.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class Calibration {

    /** Images evaluated at once: large enough that the call does not matter, small enough for the cache. */
    private static final int BATCH = 32;

    private final CalibrationSource source;
    private final Map<String, Calibrated> byName;
    private final Panel panel;
    private final List<ReferenceScores> references;

    private record Calibrated(Statistic statistic, ReferenceScores scores) {}

    private Calibration(CalibrationSource source, Map<String, Calibrated> byName) {
        this.source = source;
        this.byName = byName;
        this.panel =
                new Panel(byName.values().stream().map(Calibrated::statistic).toList());
        this.references = byName.values().stream().map(Calibrated::scores).toList();
    }

    /**
     * Scores clean images with a model.
     *
     * @param clean at least 2 images; 1/α − 1 for a false-positive rate of α, twice that for a fitted statistic
     * @param source of those images
     */
    public static Calibration fit(DensityModel model, Levels clean, CalibrationSource source) {
        CleanScores scores = new CleanScores();
        for (int from = 0; from < clean.count(); from += BATCH) {
            scores.add(model.evaluate(clean.slice(from, Math.min(clean.count(), from + BATCH))));
        }
        return scores.calibrate(source);
    }

    /** As above, of batches that are evaluated already, in the order of the images. */
    public static Calibration fit(List<Conditionals> clean, CalibrationSource source) {
        CleanScores scores = new CleanScores();
        clean.forEach(scores::add);
        return scores.calibrate(source);
    }

    /**
     * As above, with the parameters of fitted statistics from other clean images, for example a validation split.
     *
     * @param fitting evaluated batches of clean images that are not in the calibration split
     */
    public static Calibration fit(List<Conditionals> fitting, List<Conditionals> clean, CalibrationSource source) {
        CleanScores fitted = new CleanScores();
        fitting.forEach(fitted::add);
        CleanScores scores = new CleanScores();
        clean.forEach(scores::add);
        return scores.calibrate(source, fitted);
    }

    /**
     * Puts a calibration together from its parts.
     *
     * @param scores for each statistic, among them {@link BitsPerDimension}, which is always reported
     */
    static Calibration of(CalibrationSource source, Map<Statistic, ReferenceScores> scores) {
        Map<String, Calibrated> byName = new LinkedHashMap<>();
        scores.forEach((statistic, reference) -> byName.put(statistic.name(), new Calibrated(statistic, reference)));
        if (!byName.containsKey(BitsPerDimension.NAME)) {
            throw new IllegalArgumentException(
                    "expected reference scores of " + BitsPerDimension.NAME + ", found only " + byName.keySet());
        }
        return new Calibration(source, byName);
    }

    /**
     * The same statistics with the same parameters, ranked among other scores: what these statistics gave on other clean images, which their
     * parameters were not fitted on either.
     *
     * @param source of those images
     * @param scores by the name of the statistic, one for each of {@link #names()}
     */
    public Calibration ranked(CalibrationSource source, Map<String, ReferenceScores> scores) {
        if (!scores.keySet().equals(byName.keySet())) {
            throw new IllegalArgumentException(
                    "expected reference scores of " + byName.keySet() + ", found " + scores.keySet());
        }
        Map<Statistic, ReferenceScores> ranked = new LinkedHashMap<>();
        byName.forEach((name, calibrated) -> ranked.put(calibrated.statistic(), scores.get(name)));
        return of(source, ranked);
    }

    /**
     * Reads {@code calibration.json}; {@link IllegalArgumentException} with the field when it is not as it has to be.
     */
    public static Calibration fromJson(byte[] json) {
        return CalibrationJson.read(json);
    }

    /** Writes {@code calibration.json}. */
    public byte[] toJson() {
        return CalibrationJson.write(this);
    }

    public CalibrationSource source() {
        return source;
    }

    /** The calibrated statistics, bits per dimension first. */
    public List<Statistic> statistics() {
        return panel.statistics();
    }

    /** The same, to be worked out together. */
    public Panel panel() {
        return panel;
    }

    /** What clean images score, in the order of {@link #statistics()}. */
    public List<ReferenceScores> references() {
        return references;
    }

    /** The names of {@link #statistics()}. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /** Whether there are reference scores of a statistic. */
    public boolean has(String statistic) {
        return byName.containsKey(statistic);
    }

    /**
     * What clean images score by a statistic.
     *
     * @throws UnknownStatisticException when there are no reference scores of it
     */
    public ReferenceScores of(String statistic) {
        return calibrated(statistic).scores();
    }

    /**
     * A statistic with its fitted parameters.
     *
     * @throws UnknownStatisticException when there are no reference scores of it
     */
    public Statistic statistic(String name) {
        return calibrated(name).statistic();
    }

    /**
     * Whether every statistic can be tested at a rate.
     *
     * @param falsePositiveRate α, above 0, below 1
     * @throws TooFewCleanImagesException when some statistic has fewer than 1/α − 1 reference scores
     */
    public void requireRate(double falsePositiveRate) {
        byName.values().forEach(calibrated -> calibrated.scores().requireRate(falsePositiveRate));
    }

    private Calibrated calibrated(String name) {
        Calibrated calibrated = byName.get(name);
        if (calibrated == null) {
            throw new UnknownStatisticException(name, names());
        }
        return calibrated;
    }
}
