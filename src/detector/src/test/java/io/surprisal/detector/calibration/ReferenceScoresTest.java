package io.surprisal.detector.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.junit.jupiter.api.Test;

/** What can go wrong: an off-by-one in a rank, a tie counted the generous way, a NaN that ranks as harmless. */
class ReferenceScoresTest {

    private static final ReferenceScores FOUR = ReferenceScores.of(new double[] {3, 1, 2, 2});

    @Test
    void aPValueCountsTheImageItselfAndTiesAgainstIt() {
        assertThat(FOUR.pValue(9)).isEqualTo(new PValue(1 / 5.0, 0, 4));
        assertThat(FOUR.pValue(3)).isEqualTo(new PValue(2 / 5.0, 1, 4));
        assertThat(FOUR.pValue(2)).isEqualTo(new PValue(4 / 5.0, 3, 4));
        assertThat(FOUR.pValue(0)).isEqualTo(new PValue(1, 4, 4));
    }

    @Test
    void noScoreIsMoreExtremeThanNotANumber() {
        assertThat(FOUR.pValue(Double.NaN)).isEqualTo(FOUR.pValue(Double.POSITIVE_INFINITY));
        assertThat(FOUR.pValue(Double.NaN).value()).isEqualTo(1 / 5.0);
    }

    @Property(tries = 200)
    void pValuesLieBetweenOneInNPlusOneAndOne(@ForAll @Size(min = 1, max = 50) double[] clean, @ForAll double score) {
        double p = ReferenceScores.of(clean).pValue(score).value();
        assertThat(p).isBetween(1.0 / (clean.length + 1), 1.0);
    }

    @Test
    void theTrueRateOfAThresholdLiesInItsIntervalAsOftenAsStated() {
        // Scores are uniform, so the true rate is 1 − threshold. 2,000 calibrations: five standard errors of 95 % are
        // 2.4 %.
        Random random = new Random(6);
        int inside = 0;
        for (int i = 0; i < 2000; i++) {
            ReferenceScores scores = ReferenceScores.of(random.doubles(500).toArray());
            TrueRate rate = scores.trueRate(0.05, 0.95);
            double truth = 1 - scores.threshold(0.05);
            inside += truth >= rate.lower() && truth <= rate.upper() ? 1 : 0;
        }
        assertThat(inside / 2000.0).isBetween(0.926, 0.974);
    }

    @Test
    void theIntervalIsThatOfTheBetaDistribution() {
        // n = 99 at 1 %: the threshold is the largest score, its rate Beta(1, 99) = 1 − (1 − x)^99.
        ReferenceScores scores = ReferenceScores.of(new Random(7).doubles(99).toArray());
        TrueRate rate = scores.trueRate(0.01, 0.9);
        assertThat(Math.pow(1 - rate.lower(), 99)).isCloseTo(0.95, within(1e-9));
        assertThat(Math.pow(1 - rate.upper(), 99)).isCloseTo(0.05, within(1e-9));
        assertThatThrownBy(() -> scores.trueRate(0.001, 0.9)).isInstanceOf(TooFewCleanImagesException.class);
    }

    @Property(tries = 200)
    void aMoreSuspiciousScoreNeverHasALargerPValue(
            @ForAll @Size(min = 1, max = 50) double[] clean, @ForAll double a, @ForAll double b) {
        ReferenceScores scores = ReferenceScores.of(clean);
        assertThat(scores.pValue(Math.max(a, b)).value())
                .isLessThanOrEqualTo(scores.pValue(Math.min(a, b)).value());
    }

    @Property(tries = 300)
    void anImageIsBeyondTheThresholdExactlyWhenItsPValueIsAtMostTheRate(
            @ForAll @Size(min = 9, max = 120) @IntRange(min = 0, max = 30) int[] clean,
            @ForAll @IntRange(min = -1, max = 31) int score,
            @ForAll @DoubleRange(min = 0.1, max = 0.999) @Scale(3) double rate) {
        ReferenceScores scores =
                ReferenceScores.of(Arrays.stream(clean).asDoubleStream().toArray());
        assertThat(score > scores.threshold(rate))
                .isEqualTo(scores.pValue(score).value() <= rate);
    }

    @Test
    void ratesThatAreMultiplesOfOneInNPlusOneAreMetInFull() {
        // 0.29 · 100 is 28.999… in floating point; the 28 largest of 99 may stay at most as extreme, so the threshold
        // is the 29th.
        double[] ranks = new Random(1).doubles(99).toArray();
        double[] descending = ranks.clone();
        Arrays.sort(descending);
        assertThat(ReferenceScores.of(ranks).threshold(0.29)).isEqualTo(descending[99 - 29]);
    }

    @Test
    void cleanImagesAreFlaggedAsOftenAsTheRateSays() {
        // n + 1 exchangeable scores: leaving each out in turn, exactly α(n + 1) of them are flagged.
        double[] all = new Random(2).doubles(200).toArray();
        long flagged = 0;
        for (int left = 0; left < all.length; left++) {
            double[] rest = new double[all.length - 1];
            System.arraycopy(all, 0, rest, 0, left);
            System.arraycopy(all, left + 1, rest, left, all.length - left - 1);
            if (ReferenceScores.of(rest).pValue(all[left]).value() <= 0.05) {
                flagged++;
            }
        }
        assertThat(flagged).isEqualTo(10);
    }

    @Property(tries = 100)
    void aRateIsRefusedExactlyWhenNoScoreCouldBeFlagged(
            @ForAll @IntRange(min = 1, max = 2000) int n,
            @ForAll @DoubleRange(min = 0.0005, max = 0.5) @Scale(4) double rate) {
        ReferenceScores scores = ReferenceScores.of(new double[n]);
        if (scores.pValue(1).value() <= rate) {
            scores.requireRate(rate);
        } else {
            assertThatThrownBy(() -> scores.requireRate(rate))
                    .asInstanceOf(type(TooFewCleanImagesException.class))
                    .satisfies(e -> {
                        assertThat(1.0 / (e.needed() + 1)).isLessThanOrEqualTo(rate);
                        assertThat(1.0 / e.needed()).isGreaterThan(rate);
                    });
        }
    }

    @Test
    void theRefusalSaysHowManyAreNeeded() {
        ReferenceScores scores = ReferenceScores.of(new double[98]);
        assertThatThrownBy(() -> scores.threshold(0.01))
                .isInstanceOf(TooFewCleanImagesException.class)
                .hasMessageStartingWith(
                        "a false-positive rate of 0.01 needs at least 99 clean reference scores, found 98;");
        ReferenceScores.of(new double[99]).requireRate(0.01);
    }

    @Test
    void ratesThatAreNoneAreRefused() {
        for (double rate : new double[] {0, 1, -0.1, Double.NaN}) {
            assertThatIllegalArgumentException().isThrownBy(() -> FOUR.requireRate(rate));
        }
    }

    @Test
    void referenceScoresAreFiniteAndAtLeastOne() {
        assertThatIllegalArgumentException().isThrownBy(() -> ReferenceScores.of(new double[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> ReferenceScores.of(new double[] {1, Double.NaN}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReferenceScores.of(new double[] {Double.POSITIVE_INFINITY}));
    }

    @Test
    void aWeightedScoreCountsForAllItStandsForAndWhatIsAboveAllCountsToo() {
        ReferenceScores scores = ReferenceScores.weighted(new double[] {1, 2, 3}, new int[] {5, 2, 1}, 4, 0.5);
        assertThat(scores.size()).isEqualTo(12);
        assertThat(scores.pValue(9)).isEqualTo(new PValue(5 / 13.0, 4, 12));
        assertThat(scores.pValue(Double.NaN)).isEqualTo(scores.pValue(9));
        assertThat(scores.pValue(3)).isEqualTo(new PValue(6 / 13.0, 5, 12));
        assertThat(scores.pValue(1.5)).isEqualTo(new PValue(8 / 13.0, 7, 12));
        assertThat(scores.pValue(1)).isEqualTo(new PValue(1, 12, 12));
        assertThat(scores.weights()).containsExactly(5, 2, 1);
        assertThat(FOUR.weights()).containsExactly(1, 1, 1, 1);
    }

    @Property(tries = 500)
    void anImageIsBeyondTheThresholdExactlyWhenItsPValueIsAtMostTheRateWithWeightsToo(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 0, max = 12) Integer> clean,
            @ForAll @Size(40) List<@IntRange(min = 1, max = 9) Integer> weights,
            @ForAll @IntRange(min = 0, max = 30) int above,
            @ForAll @IntRange(min = -1, max = 13) int score,
            @ForAll @DoubleRange(min = 0.02, max = 0.999) @Scale(3) double rate) {
        ReferenceScores scores = ReferenceScores.weighted(
                ascending(clean),
                weights.stream().limit(clean.size()).mapToInt(weight -> weight).toArray(),
                above,
                0.01);
        if (scores.pValue(Double.POSITIVE_INFINITY).value() <= rate) {
            assertThat(score > scores.threshold(rate))
                    .isEqualTo(scores.pValue(score).value() <= rate);
            TrueRate truth = scores.trueRate(rate, 0.9);
            assertThat(truth.lower()).isLessThan(truth.upper());
        } else {
            assertThatThrownBy(() -> scores.threshold(rate))
                    .asInstanceOf(type(TooFewCleanImagesException.class))
                    .satisfies(e -> {
                        assertThat((1.0 + above) / (e.needed() + 1)).isLessThanOrEqualTo(rate);
                        assertThat((1.0 + above) / e.needed()).isGreaterThan(rate);
                    });
        }
    }

    @Property(tries = 200)
    void weightsOfOneChangeNothing(
            @ForAll @Size(min = 19, max = 60) List<@IntRange(min = 0, max = 30) Integer> clean,
            @ForAll @IntRange(min = -1, max = 31) int score,
            @ForAll @DoubleRange(min = 0.05, max = 0.999) @Scale(3) double rate) {
        double[] ascending = ascending(clean);
        ReferenceScores plain = ReferenceScores.of(ascending);
        ReferenceScores weighted = ReferenceScores.weighted(ascending, ones(ascending.length), 0, 0);
        assertThat(weighted.pValue(score)).isEqualTo(plain.pValue(score));
        assertThat(weighted.threshold(rate)).isEqualTo(plain.threshold(rate));
        assertThat(weighted.trueRate(rate, 0.9)).isEqualTo(plain.trueRate(rate, 0.9));
    }

    @Test
    void theIntervalHoldsWhateverOfWhatIsAboveWasClean() {
        // 100 of 1,000 images are above all scores. At 15 % 49 scores lie beyond the threshold: the rate is as of 49 of
        // 900, or of 149 of 1,000.
        ReferenceScores scores = ReferenceScores.weighted(ascending(900), ones(900), 100, 0);
        TrueRate rate = scores.trueRate(0.15, 0.9);
        assertThat(rate.lower())
                .isCloseTo(BetaDistribution.of(50, 851).inverseCumulativeProbability(0.05), within(1e-9));
        assertThat(rate.upper())
                .isCloseTo(BetaDistribution.of(150, 851).inverseSurvivalProbability(0.05), within(1e-9));
    }

    @Test
    void aRateBelowTheShareThatIsAboveAllIsRefusedWithTheReason() {
        ReferenceScores scores = ReferenceScores.weighted(ascending(900), ones(900), 100, 0);
        scores.requireRate(101 / 1001.0);
        assertThatThrownBy(() -> scores.requireRate(0.1))
                .isInstanceOf(TooFewCleanImagesException.class)
                .hasMessage(
                        "a false-positive rate of 0.1 needs at least 1009 clean reference scores, found 1000, of which"
                                + " 100 count as more extreme than every score; the smallest rate they allow is "
                                + 101 / 1001.0);
    }

    @Test
    void weightedScoresAreInOrderAndStandForSomething() {
        double[] two = {1, 2};
        assertThatIllegalArgumentException().isThrownBy(() -> ReferenceScores.weighted(two, new int[] {1}, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> ReferenceScores.weighted(two, new int[] {1, 0}, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> ReferenceScores.weighted(two, ones(2), -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> ReferenceScores.weighted(two, ones(2), 0, Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReferenceScores.weighted(new double[] {2, 1}, ones(2), 0, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReferenceScores.weighted(new double[] {1, Double.NaN}, ones(2), 0, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReferenceScores.weighted(two, new int[] {Integer.MAX_VALUE, 1}, 0, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReferenceScores.weighted(two, ones(2), Integer.MAX_VALUE, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReferenceScores.weighted(new double[0], new int[0], 3, 0));
    }

    private static double[] ascending(List<Integer> scores) {
        return scores.stream().mapToDouble(score -> score).sorted().toArray();
    }

    private static double[] ascending(int n) {
        return IntStream.range(0, n).asDoubleStream().toArray();
    }

    private static int[] ones(int n) {
        int[] ones = new int[n];
        Arrays.fill(ones, 1);
        return ones;
    }
}
