package io.surprisal.detector.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;
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
}
