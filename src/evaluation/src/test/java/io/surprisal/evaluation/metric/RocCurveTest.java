package io.surprisal.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What can go wrong: ties counted whole or not at all, NaN and infinity lost, the wrong direction. */
class RocCurveTest {

    /** Few distinct values, so that most pairs are ties. */
    @Property
    void theAreaIsTheShareOfPairsInOrderTiesCountedHalf(
            @ForAll @Size(min = 1, max = 40) int[] clean, @ForAll @Size(min = 1, max = 40) int[] attacked) {
        double[] c = Arrays.stream(clean).mapToDouble(v -> Math.floorMod(v, 7)).toArray();
        double[] a =
                Arrays.stream(attacked).mapToDouble(v -> Math.floorMod(v, 9)).toArray();
        double pairs = 0;
        for (double x : a) {
            for (double y : c) {
                pairs += x > y ? 1 : x == y ? 0.5 : 0;
            }
        }
        assertThat(RocCurve.of(c, a).area()).isCloseTo(pairs / c.length / a.length, within(1e-12));
    }

    @Property
    void exchangingCleanAndAttackedTurnsTheAreaRound(@ForAll @IntRange(min = 1, max = 200) int n, @ForAll long seed) {
        double[] a = new Random(seed).ints(n, 0, 20).asDoubleStream().toArray();
        double[] b = new Random(seed + 1).ints(n, 0, 20).asDoubleStream().toArray();
        assertThat(RocCurve.of(a, b).area() + RocCurve.of(b, a).area()).isCloseTo(1, within(1e-12));
    }

    /** For X, Y normal of unit variance, P(X + d > Y) = Φ(d/√2); d = 1 gives 0.76025. */
    @Test
    void twoNormalDistributionsOneApartHaveTheAreaOfTheClosedForm() {
        Random random = new Random(1);
        double[] clean = random.doubles(20_000).map(u -> random.nextGaussian()).toArray();
        double[] attacked =
                random.doubles(20_000).map(u -> 1 + random.nextGaussian()).toArray();
        assertThat(RocCurve.of(clean, attacked).area()).isCloseTo(0.76025, within(0.01));
    }

    @Test
    void notANumberIsTheMostSuspiciousScore() {
        double[] clean = {1, 2, Double.POSITIVE_INFINITY};
        assertThat(RocCurve.of(clean, new double[] {Double.NaN}).area()).isEqualTo(1);
    }

    @Test
    void infinitelySurprisingImagesAreTiesOfEachOther() {
        double[] infinite = {Double.POSITIVE_INFINITY};
        assertThat(RocCurve.of(infinite, infinite).area()).isEqualTo(0.5);
    }

    @Test
    void zeroHasNoSign() {
        assertThat(RocCurve.of(new double[] {-0.0}, new double[] {0.0}).area()).isEqualTo(0.5);
    }

    @Test
    void theTruePositiveRateIsTheShareAboveTheLowestThresholdThatKeepsTheRate() {
        RocCurve curve = RocCurve.of(new double[] {1, 2, 3, 4}, new double[] {0.5, 2.5, 3.5, 4.5});
        assertThat(curve.truePositiveRate(0)).isEqualTo(0.25);
        assertThat(curve.truePositiveRate(0.25)).isEqualTo(0.5);
        assertThat(curve.truePositiveRate(0.49)).isEqualTo(0.5);
        assertThat(curve.truePositiveRate(0.5)).isEqualTo(0.75);
        assertThat(curve.truePositiveRate(1)).isEqualTo(1);
    }

    @Test
    void withoutScoresThereIsNoCurve() {
        assertThatThrownBy(() -> RocCurve.of(new double[] {1}, new double[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected clean and attacked scores, found 1 and 0");
    }
}
