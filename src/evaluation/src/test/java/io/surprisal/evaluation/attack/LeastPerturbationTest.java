package io.surprisal.evaluation.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * What can go wrong: an attack that finds something, but nothing near. On a linear classifier of two classes the nearest image of the other class lies
 * |f| / ‖w‖ away along w, so there is a number to compare with.
 */
class LeastPerturbationTest {
    private static final ImageShape SHAPE = new ImageShape(1, 10, 10);
    private static final double DISTANCE = 60;

    /** Class 0 until x has moved by {@link #DISTANCE} levels along w, w alternating in sign and of several sizes. */
    private static Victim border() {
        float[][] weights = new float[2][100];
        double norm = 0;
        for (int i = 0; i < 100; i++) {
            weights[1][i] = (i % 2 == 0 ? 1 : -1) * 0.01f * (1 + i % 5);
            norm += weights[1][i] * weights[1][i];
        }
        double atClean = 0;
        for (int i = 0; i < 100; i++) {
            atClean += 128 * weights[1][i];
        }
        float[] bias = {0, (float) (-atClean - DISTANCE * Math.sqrt(norm))};
        return new FakeVictim.Linear(weights, bias);
    }

    private static Levels clean() {
        byte[] data = new byte[100];
        Arrays.fill(data, (byte) 128);
        return Levels.of(SHAPE, 256, 1, data);
    }

    private static double distance(Levels attacked) {
        double squares = 0;
        for (byte level : attacked.data()) {
            squares += Math.pow(Byte.toUnsignedInt(level) - 128, 2);
        }
        return Math.sqrt(squares);
    }

    private static boolean fooled(Levels attacked) {
        float[] x = new float[100];
        for (int i = 0; i < 100; i++) {
            x[i] = Byte.toUnsignedInt(attacked.data()[i]);
        }
        float[] logits = border().logits(x, 1);
        return logits[1] > logits[0];
    }

    @Test
    void deepFoolCrossesTheBorderWhereItIsNearest() {
        Levels attacked = new DeepFool(Region.EVERYWHERE, 50).perturb(clean(), new int[1], border());
        assertThat(fooled(attacked)).isTrue();
        // 2 % of overshoot, and half a level of rounding in each of 100 dimensions.
        assertThat(distance(attacked)).isBetween(DISTANCE - 3, 1.08 * DISTANCE);
    }

    @Test
    void carliniAndWagnerConvergeToTheNearestImage() {
        Levels attacked = new CarliniWagner(Region.EVERYWHERE, 8, 200, 0.05).perturb(clean(), new int[1], border());
        assertThat(fooled(attacked)).isTrue();
        assertThat(distance(attacked)).isBetween(DISTANCE - 3, 1.08 * DISTANCE);
    }

    /** It sees only classes, of rounded images: within a quarter of the least there is, where noise, its start, is 15 times as far. */
    @Test
    void hopSkipJumpGetsNearByAskingForClassesOnly() {
        Levels attacked = new HopSkipJump(20, 100, 1).perturb(clean(), new int[1], classesOnly(border()));
        assertThat(fooled(attacked)).isTrue();
        assertThat(distance(attacked)).isBetween(DISTANCE - 3, 1.25 * DISTANCE);
        assertThat(new HopSkipJump(20, 100, 1)
                        .perturb(clean(), new int[1], border())
                        .data())
                .isEqualTo(attacked.data());
    }

    @Test
    void hopSkipJumpLeavesAnImageThatNothingFools() {
        assertThat(new HopSkipJump(2, 10, 1)
                        .perturb(clean(), new int[1], FakeVictim.flat(100))
                        .data())
                .isEqualTo(clean().data());
    }

    @Test
    void euclideanPgdFoolsWhereTheBorderIsNearerThanEpsilonAndStaysInTheBall() {
        Levels reaches = new PgdEuclidean(70, 20, 1).perturb(clean(), new int[1], border());
        assertThat(fooled(reaches)).isTrue();
        assertThat(distance(reaches)).isLessThanOrEqualTo(70);
        Levels fallsShort = new PgdEuclidean(55, 20, 1).perturb(clean(), new int[1], border());
        assertThat(fooled(fallsShort)).isFalse();
        assertThat(distance(fallsShort)).as("along the gradient, to the end").isBetween(52.0, 55.0);
    }

    /** Logits of 0 and 1: the class, and nothing else. */
    private static Victim classesOnly(Victim victim) {
        return new Victim() {
            @Override
            public int classes() {
                return victim.classes();
            }

            @Override
            public float[] logits(float[] images, int count) {
                float[] known = victim.logits(images, count);
                float[] logits = new float[known.length];
                for (int image = 0; image < count; image++) {
                    logits[image * classes() + Batch.argmax(known, image, classes())] = 1;
                }
                return logits;
            }

            @Override
            public Ascent ascent(float[] images, int[] labels, Objective objective) {
                throw new AssertionError("an attack that may ask for classes only asked for a gradient");
            }
        };
    }

    @Test
    void moreSearchesFindNothingMuchNearer() {
        double usual =
                distance(new CarliniWagner(Region.EVERYWHERE, 6, 100, 0.1).perturb(clean(), new int[1], border()));
        double thorough =
                distance(new CarliniWagner(Region.EVERYWHERE, 10, 1000, 0.02).perturb(clean(), new int[1], border()));
        assertThat(usual).isLessThan(1.1 * thorough);
    }

    @Test
    void whatMayNotChangeDoesNot() {
        byte[] half = new byte[100];
        Arrays.fill(half, 50, 100, (byte) 128);
        Levels clean = Levels.of(SHAPE, 256, 1, half);
        for (Attack attack :
                new Attack[] {new DeepFool(Region.FOREGROUND, 20), new CarliniWagner(Region.FOREGROUND, 3, 30, 0.1)}) {
            Levels attacked = attack.perturb(clean, new int[1], border());
            for (int i = 0; i < 50; i++) {
                assertThat(attacked.data()[i]).as(attack.title()).isZero();
            }
        }
    }

    @Test
    void aPatchIsASquareAndFewPixelsAreFew() {
        Levels patched = new Patch(3, 20, 1).perturb(clean(), new int[1], border());
        int top = 10;
        int left = 10;
        int bottom = -1;
        int right = -1;
        for (int i = 0; i < 100; i++) {
            if (patched.data()[i] != (byte) 128) {
                top = Math.min(top, i / 10);
                bottom = Math.max(bottom, i / 10);
                left = Math.min(left, i % 10);
                right = Math.max(right, i % 10);
            }
        }
        assertThat(bottom - top).isBetween(0, 2);
        assertThat(right - left).isBetween(0, 2);
        Levels few = new FewPixels(4, 20, 1).perturb(clean(), new int[1], border());
        long changed = 0;
        for (byte level : few.data()) {
            changed += level != (byte) 128 ? 1 : 0;
        }
        assertThat(changed).isBetween(1L, 4L);
    }

    @Test
    void autoPgdReachesTheCornerOfALinearLossAndSquareGetsNear() {
        int[] labels = {0};
        byte[] climbed = new AutoPgd(8, Region.EVERYWHERE, Objective.CROSS_ENTROPY, 20, 1)
                .perturb(clean(), labels, border())
                .data();
        double gained = 0;
        double most = 0;
        byte[] searched = new Square(8, Region.EVERYWHERE, 2000, 1)
                .perturb(clean(), labels, border())
                .data();
        for (int i = 0; i < 100; i++) {
            int sign = i % 2 == 0 ? 1 : -1;
            assertThat(Byte.toUnsignedInt(climbed[i])).isEqualTo(128 + 8 * sign);
            gained += sign * (1 + i % 5) * (Byte.toUnsignedInt(searched[i]) - 128);
            most += (1 + i % 5) * 8;
        }
        assertThat(gained).isGreaterThan(0.5 * most);
    }

    @Test
    void theSquaresOfTheSquareAttackShrink() {
        Square square = new Square(8, Region.EVERYWHERE, 1000, 1);
        ImageShape large = new ImageShape(1, 28, 28);
        assertThat(square.side(1, large)).isEqualTo(25);
        assertThat(square.side(999, large)).isBetween(1, 2);
    }
}
