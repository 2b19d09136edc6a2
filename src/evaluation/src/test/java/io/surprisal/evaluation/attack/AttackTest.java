package io.surprisal.evaluation.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * What can go wrong: rounding out of the ball, wrapping around at 0 or 255, touching the background, signed bytes.
 */
class AttackTest {
    private static final ImageShape SHAPE = new ImageShape(1, 5, 6);
    private static final int COUNT = 4;

    /** The loss of class 0 grows along −, 0 and + in turn, with the same signs everywhere. */
    private static final Victim LINEAR = linear();

    private static Victim linear() {
        float[][] weights = new float[3][SHAPE.dimensions()];
        for (int i = 0; i < SHAPE.dimensions(); i++) {
            weights[1][i] = (i % 3 - 1) * 1e-3f * (1 + i);
        }
        return new FakeVictim.Linear(weights, new float[3]);
    }

    /** A third of the levels 0, a third of them anywhere, a third 255. */
    private static Levels images(long seed) {
        Random random = new Random(seed);
        byte[] data = new byte[COUNT * SHAPE.dimensions()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte)
                    List.of(0, random.nextInt(256), 255).get(random.nextInt(3)).intValue();
        }
        return Levels.of(SHAPE, 256, COUNT, data);
    }

    @Property(tries = 30)
    void attackedImagesStayInTheBallAndOnTheGrid(@ForAll long seed, @ForAll @IntRange(min = 1, max = 255) int epsilon) {
        Levels clean = images(seed);
        for (Attack attack : AttackSuite.standard(List.of(epsilon), 5, seed)) {
            Levels attacked = attack.perturb(clean, new int[COUNT], FakeVictim.winding(seed));
            assertThat(attacked.shape()).isEqualTo(SHAPE);
            assertThat(attacked.count()).isEqualTo(COUNT);
            for (int i = 0; i < clean.data().length; i++) {
                int before = Byte.toUnsignedInt(clean.data()[i]);
                int after = Byte.toUnsignedInt(attacked.data()[i]);
                assertThat(Math.abs(after - before)).as(attack.title()).isLessThanOrEqualTo(epsilon);
            }
        }
    }

    @Property(tries = 30)
    void attacksOnTheForegroundLeaveTheBlackBackgroundBlack(@ForAll long seed) {
        Levels clean = images(seed);
        for (Attack attack : AttackSuite.standard(List.of(8), 5, seed)) {
            if (attack.region() == Region.FOREGROUND) {
                Levels attacked = attack.perturb(clean, new int[COUNT], FakeVictim.winding(seed));
                boolean changed = false;
                for (int i = 0; i < clean.data().length; i++) {
                    if (clean.data()[i] == 0) {
                        assertThat(attacked.data()[i]).as(attack.title()).isZero();
                    }
                    changed |= clean.data()[i] != attacked.data()[i];
                }
                assertThat(changed).as(attack.title()).isTrue();
            }
        }
    }

    @Test
    void theFastGradientSignMethodMovesByEpsilonAlongTheSign() {
        Levels clean = Levels.of(SHAPE, 256, 1, grey(100));
        byte[] attacked = new Fgsm(8, Region.EVERYWHERE)
                .perturb(clean, new int[1], LINEAR)
                .data();
        for (int i = 0; i < attacked.length; i++) {
            assertThat(attacked[i]).isEqualTo((byte) (100 + 8 * (i % 3 - 1)));
        }
    }

    /** On a linear loss the worst point of the ball is its corner, and 2.5·ε of steps reach it from any start. */
    @Test
    void projectedGradientDescentReachesTheCornerOfALinearLoss() {
        Levels clean = Levels.of(SHAPE, 256, 1, grey(100));
        byte[] attacked = new Pgd(8, Region.EVERYWHERE, 10, 1)
                .perturb(clean, new int[1], LINEAR)
                .data();
        for (int i = 0; i < attacked.length; i++) {
            if (i % 3 != 1) {
                assertThat(attacked[i]).isEqualTo((byte) (100 + 8 * (i % 3 - 1)));
            }
        }
    }

    @Test
    void withoutAGradientTheFastGradientSignMethodChangesNothing() {
        Levels clean = images(1);
        Levels attacked =
                new Fgsm(8, Region.EVERYWHERE).perturb(clean, new int[COUNT], FakeVictim.flat(SHAPE.dimensions()));
        assertThat(attacked.data()).containsExactly(clean.data());
    }

    @Test
    void noiseDoesNotAskTheClassifier() {
        Levels noisy =
                new UniformNoise(4, Region.EVERYWHERE, 1).perturb(images(1), new int[COUNT], FakeVictim.forbidden());
        assertThat(noisy.data()).isNotEqualTo(images(1).data());
    }

    @Test
    void noiseIsEvenlySpreadOverItsLevels() {
        int n = 90_000;
        Levels clean = Levels.of(new ImageShape(1, 300, 300), 256, 1, filled(n, 100));
        int[] counts = new int[9];
        for (byte level : new UniformNoise(4, Region.EVERYWHERE, 1)
                .perturb(clean, new int[1], FakeVictim.forbidden())
                .data()) {
            counts[level - 96]++;
        }
        // Five standard deviations of a binomial count.
        double expected = n / 9.0;
        assertThat(Arrays.stream(counts).boxed())
                .allSatisfy(c -> assertThat(Math.abs(c - expected)).isLessThan(5 * Math.sqrt(expected)));
    }

    @Test
    void theSeedDecidesTheRandomStart() {
        Levels clean = images(1);
        Victim flat = FakeVictim.flat(SHAPE.dimensions());
        byte[] one = new Pgd(8, Region.EVERYWHERE, 3, 1)
                .perturb(clean, new int[COUNT], flat)
                .data();
        byte[] same = new Pgd(8, Region.EVERYWHERE, 3, 1)
                .perturb(clean, new int[COUNT], flat)
                .data();
        byte[] other = new Pgd(8, Region.EVERYWHERE, 3, 2)
                .perturb(clean, new int[COUNT], flat)
                .data();
        assertThat(same).containsExactly(one);
        assertThat(other).isNotEqualTo(one);
    }

    @Test
    void anEpsilonOfNothingIsRefused() {
        assertThatThrownBy(() -> new Fgsm(0, Region.EVERYWHERE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected ε from 1 to 255 levels, found 0");
    }

    private static byte[] grey(int level) {
        return filled(SHAPE.dimensions(), level);
    }

    private static byte[] filled(int size, int level) {
        byte[] data = new byte[size];
        Arrays.fill(data, (byte) level);
        return data;
    }
}
