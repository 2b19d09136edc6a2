package io.surprisal.detector.drift;

import io.surprisal.detector.calibration.PValue;
import io.surprisal.detector.calibration.ReferenceScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * A sequential test of p-values against what a calibration promises of clean images, with a stated rate of false alarms: while images stay
 * exchangeable with those of the calibration, an alarm comes on average once in {@code imagesPerFalseAlarm} images at most, and within t images with a
 * probability of t / imagesPerFalseAlarm at most.
 *
 * <p>An e-detector of Shiryaev and Roberts (Shin, Ramdas and Rinaldo, "E-detectors", 2023, definition 2.2): several bets against the p-values, each
 * a factor E whose expectation on clean images is at most 1; M ← (M + w)·E for each, and an alarm when the sum of all M reaches
 * {@code imagesPerFalseAlarm}. Then they start again from 0. No window: an old change is found by its length, a new one by its size.
 *
 * <p>p-values by rank are uniform only on average over calibrations; those of one calibration deviate by the accident of its n images, and a test
 * that did not know would sooner or later find just that. So the bets are made against the worst that all but {@value #UNLUCKY} of calibrations do:
 * a mean within δ = √(ln(6/{@value #UNLUCKY}) / 2n) + 1/(n + 1) of ½ (Hoeffding), and a share of p ≤ τ of at most a quantile of its Beta
 * distribution. A change smaller than that is not found, however long it lasts: a larger calibration finds smaller ones. Ties among scores make
 * p-values larger and count as {@link DriftAlarm.Kind#LESS_SUSPICIOUS}; how much larger a weighted sample of scores makes them is known, and
 * allowed for.
 *
 * <p>Safe for use by many threads; an observation costs a few dozen operations. The order in which threads observe does not matter to the promise.
 */
public final class DriftDetector {

    /** Fewer reference scores than this leave no room for a test. */
    public static final int LEAST_REFERENCES = 100;

    /** The share of calibrations for which nothing is promised. */
    static final double UNLUCKY = 0.001;

    private static final double[] TILTS = {0.3, 1.5};
    private static final Extremes[] EXTREMES = {
        new Extremes(0.01, 1), new Extremes(0.01, 10), new Extremes(0.1, 0.5), new Extremes(0.1, 4)
    };

    private final double imagesPerFalseAlarm;
    private final List<Bet> bets;
    private final double[] wealth;
    private long images;

    private record Extremes(double rate, double stake) {}

    private interface Factor {
        double of(double p);
    }

    private record Bet(DriftAlarm.Kind kind, Factor factor) {}

    /**
     * Starts to watch.
     *
     * @param references n, how many scores the p-values are ranked among; at least {@link #LEAST_REFERENCES}
     * @param imagesPerFalseAlarm at least 1: one false alarm in so many clean images at most, on average
     */
    public DriftDetector(int references, double imagesPerFalseAlarm) {
        this(references, 0, imagesPerFalseAlarm);
    }

    /** As above, of p-values that are ranked among these scores. */
    public static DriftDetector of(ReferenceScores references, double imagesPerFalseAlarm) {
        return new DriftDetector(references.size(), references.meanExcess(), imagesPerFalseAlarm);
    }

    private DriftDetector(int references, double meanExcess, double imagesPerFalseAlarm) {
        if (references < LEAST_REFERENCES) {
            throw new IllegalArgumentException(
                    "expected at least " + LEAST_REFERENCES + " reference scores, found " + references);
        }
        if (!(imagesPerFalseAlarm >= 1 && imagesPerFalseAlarm <= 1e300)) {
            throw new IllegalArgumentException(
                    "expected at least 1 image for a false alarm, found " + imagesPerFalseAlarm);
        }
        this.imagesPerFalseAlarm = imagesPerFalseAlarm;
        this.bets = bets(references, meanExcess);
        this.wealth = new double[bets.size()];
    }

    private static List<Bet> bets(int n, double meanExcess) {
        List<Bet> bets = new ArrayList<>();
        double share = UNLUCKY / 3; // for the mean, and for each of the two rates of extremes
        double slack = Math.sqrt(Math.log(2 / share) / (2.0 * n)) + 1 / (n + 1.0);
        for (double tilt : TILTS) {
            double larger = slack + meanExcess;
            double stake = Math.min(tilt, 1.9 / (1 + 2 * larger)); // so that no factor is ever negative
            bets.add(new Bet(DriftAlarm.Kind.MORE_SUSPICIOUS, p -> 1 + stake * (0.5 - p - slack)));
            bets.add(new Bet(DriftAlarm.Kind.LESS_SUSPICIOUS, p -> 1 + stake * (p - 0.5 - larger)));
        }
        for (Extremes extremes : EXTREMES) {
            int k = (int) (extremes.rate * (n + 1.0));
            double most = BetaDistribution.of(k, n + 1.0 - k).inverseSurvivalProbability(share);
            double stake = Math.min(extremes.stake, 0.9 / most);
            bets.add(new Bet(DriftAlarm.Kind.MORE_EXTREMES, p -> 1 + stake * ((p <= extremes.rate ? 1 : 0) - most)));
        }
        return List.copyOf(bets);
    }

    /** Takes the next image's p-value; an alarm when it is the one that tips the scales. */
    public Optional<DriftAlarm> observe(PValue p) {
        return observe(p.value());
    }

    /** @param p above 0, at most 1 */
    synchronized Optional<DriftAlarm> observe(double p) {
        if (!(p > 0 && p <= 1)) {
            throw new IllegalArgumentException("expected a p-value above 0 and at most 1, found " + p);
        }
        images++;
        double sum = 0;
        int richest = 0;
        for (int i = 0; i < wealth.length; i++) {
            wealth[i] = (wealth[i] + 1.0 / wealth.length) * bets.get(i).factor().of(p);
            sum += wealth[i];
            richest = wealth[i] > wealth[richest] ? i : richest;
        }
        if (!(sum >= imagesPerFalseAlarm)) {
            return Optional.empty();
        }
        DriftAlarm alarm = new DriftAlarm(bets.get(richest).kind(), images);
        Arrays.fill(wealth, 0);
        images = 0;
        return Optional.of(alarm);
    }

    /** How near an alarm is: 0 without any evidence, up to 1 where it is given; logarithmic, for a gauge. */
    public synchronized double level() {
        double sum = 0;
        for (double part : wealth) {
            sum += part;
        }
        return Math.min(1, Math.log1p(sum) / Math.log1p(imagesPerFalseAlarm));
    }

    /** Images seen since the last alarm, or since the start. */
    public synchronized long images() {
        return images;
    }
}
