package io.surprisal.evaluation.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * What can go wrong: no momentum, gradients added by their size, the sum of one image mixed with another's, steps that do not fit into the ball, levels that no
 * file can hold. The expected points are algorithm 1 of Dong 2018, worked out by hand.
 */
class MomentumFgsmTest {
    private static final ImageShape THREE = new ImageShape(1, 1, 3);

    /** A classifier that answers with prepared gradients, in turn, and remembers at which points it was asked. */
    private static final class Scripted implements Victim {
        private final List<float[]> gradients;
        private final List<float[]> asked = new ArrayList<>();

        Scripted(float[]... gradients) {
            this.gradients = List.of(gradients);
        }

        @Override
        public int classes() {
            return 2;
        }

        @Override
        public float[] logits(float[] images, int count) {
            return new float[2 * count];
        }

        @Override
        public Ascent ascent(float[] images, int[] labels, Objective objective) {
            assertThat(objective).isEqualTo(Objective.CROSS_ENTROPY);
            asked.add(images.clone());
            return new Ascent(
                    new float[2 * labels.length],
                    gradients.get(asked.size() - 1).clone());
        }
    }

    private static Levels levels(ImageShape shape, int... values) {
        byte[] data = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            data[i] = (byte) values[i];
        }
        return Levels.of(shape, 256, values.length / shape.dimensions(), data);
    }

    private static int[] values(Levels images) {
        int[] values = new int[images.data().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Byte.toUnsignedInt(images.data()[i]);
        }
        return values;
    }

    /**
     * Gradients over their ℓ1 norms are (½, −½, 0), (−½, 0, ½) and (−0.1, 0.8, 0.1); their running sums (½, −½, 0), (0, −½, ½) and (−0.1, 0.3, 0.6). Without
     * momentum the second step would move the first dimension, with gradients as they come it would move it the other way.
     */
    @Test
    void stepsFollowTheSignOfTheSumOfScaledGradients() {
        Scripted victim =
                new Scripted(new float[] {4, -4, 0}, new float[] {-1, 0, 1}, new float[] {-0.01f, 0.08f, 0.01f});
        Levels attacked =
                new MomentumFgsm(6, Region.EVERYWHERE, 3).perturb(levels(THREE, 100, 100, 100), new int[1], victim);
        assertThat(victim.asked.get(0)).containsExactly(100, 100, 100);
        assertThat(victim.asked.get(1)).containsExactly(102, 98, 100);
        assertThat(victim.asked.get(2)).containsExactly(102, 96, 102);
        assertThat(values(attacked)).containsExactly(100, 98, 104);
    }

    @Test
    void theSumOfAnImageIsItsOwn() {
        float[] one = {4, -4, 0, -1, 0, 1};
        float[] two = {-1, 0, 1, 400, -400, 0};
        Levels clean = levels(THREE, 100, 100, 100, 50, 50, 50);
        Levels attacked = new MomentumFgsm(4, Region.EVERYWHERE, 2).perturb(clean, new int[2], new Scripted(one, two));
        // Both end with the sum (0, −½, ½), by way of (½, −½, 0) and (−½, 0, ½).
        assertThat(values(attacked)).containsExactly(102, 96, 102, 48, 48, 54);
    }

    @Test
    void anImageWithoutASlopeGoesOnAsBefore() {
        Scripted victim = new Scripted(new float[] {1, 0, -1}, new float[3]);
        Levels attacked = new MomentumFgsm(4, Region.EVERYWHERE, 2).perturb(levels(THREE, 9, 9, 9), new int[1], victim);
        assertThat(values(attacked)).containsExactly(13, 9, 5);
    }

    @Test
    void oneStepIsTheFastGradientSignMethod() {
        Random random = new Random(1);
        ImageShape shape = new ImageShape(3, 4, 5);
        byte[] data = new byte[2 * shape.dimensions()];
        random.nextBytes(data);
        Levels clean = Levels.of(shape, 256, 2, data);
        float[][] weights = new float[3][shape.dimensions()];
        for (float[] row : weights) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) random.nextGaussian() / 1000;
            }
        }
        Victim victim = new FakeVictim.Linear(weights, new float[3]);
        int[] labels = {0, 2};
        assertThat(new MomentumFgsm(8, Region.EVERYWHERE, 1)
                        .perturb(clean, labels, victim)
                        .data())
                .containsExactly(new Fgsm(8, Region.EVERYWHERE)
                        .perturb(clean, labels, victim)
                        .data());
    }

    /** Ten steps of a tenth of a level, and of 0.7: what comes out are whole levels all the same, and the whole way. */
    @Test
    void partsOfLevelsAddUpBeforeTheyAreRounded() {
        float[][] same = new float[10][];
        Arrays.fill(same, new float[] {1, -1, 0});
        for (int epsilon : new int[] {1, 7}) {
            Levels attacked = new MomentumFgsm(epsilon, Region.EVERYWHERE, 10)
                    .perturb(levels(THREE, 100, 100, 100), new int[1], new Scripted(same));
            assertThat(values(attacked)).containsExactly(100 + epsilon, 100 - epsilon, 100);
        }
    }

    @Property(tries = 50)
    void nothingLeavesTheBallOrTheRangeOrTouchesTheBackground(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 255) int epsilon) {
        ImageShape shape = new ImageShape(1, 5, 6);
        Random random = new Random(seed);
        int[] clean = random.ints(60, 0, 3)
                .map(kind -> kind == 0 ? 0 : kind == 1 ? 255 : random.nextInt(256))
                .toArray();
        for (Region region : Region.values()) {
            int[] attacked = values(new MomentumFgsm(epsilon, region, 7)
                    .perturb(levels(shape, clean), new int[2], FakeVictim.winding(seed)));
            for (int i = 0; i < clean.length; i++) {
                int bound = region == Region.FOREGROUND && clean[i] == 0 ? 0 : epsilon;
                assertThat(Math.abs(attacked[i] - clean[i])).isLessThanOrEqualTo(bound);
            }
        }
    }

    @Test
    void noStepsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MomentumFgsm(8, Region.EVERYWHERE, 0))
                .withMessage("expected at least 1 step, found 0");
    }

    @Test
    void transferredImagesAreMadeAgainstTheSurrogateAlone() {
        Attack attack = new MomentumFgsm(6, Region.EVERYWHERE, 1);
        Victim surrogate = new Scripted(new float[] {4, -4, 0});
        Transferred transferred = new Transferred(attack, surrogate);
        Levels attacked = transferred.perturb(levels(THREE, 100, 100, 100), new int[1], FakeVictim.forbidden());
        assertThat(values(attacked)).containsExactly(106, 94, 100);
        assertThat(transferred.title()).isEqualTo("transfer-mi-fgsm, ε = 6, everywhere");
    }
}
