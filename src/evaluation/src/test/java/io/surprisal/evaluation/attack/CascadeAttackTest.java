package io.surprisal.evaluation.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.surprisal.detector.calibration.Stage;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.evaluation.attack.AdaptivePgd.Way;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What can go wrong: an attack on two densities that misses the hole of one, or climbs the density that does not judge, so that a cascade looks stronger
 * than it is. Each test plants a hole and says where.
 */
class CascadeAttackTest {
    private static final ImageShape SHAPE = new ImageShape(1, 8, 8);
    private static final int SIZE = 64;
    private static final int CLEAN = 100;
    private static final int EPSILON = 120;
    private static final int STEPS = 200;
    private static final double THROUGH = Stage.UNSURE.place(1);

    /** Class 1 beyond a border that is reached by moving every value by 10 levels, or eight of them by 80. */
    private static final Victim VICTIM = victim();

    private static Victim victim() {
        float[][] weights = new float[2][SIZE];
        Arrays.fill(weights[1], 0.01f);
        return new FakeVictim.Linear(weights, new float[] {0, -0.01f * SIZE * (CLEAN + 10)});
    }

    /** A cascade of two distances from grey, each over the dimensions that its density looks at, as mean squares. */
    private record Two(IntPredicate screened, double cleared, double suspect, IntPredicate modelled) {

        double place(float[] x, int image) {
            double byScreen = distance(x, image, screened);
            if (byScreen <= cleared) {
                return Stage.CLEARED.place(byScreen);
            }
            return byScreen > suspect
                    ? Stage.SUSPECT.place(byScreen)
                    : Stage.UNSURE.place(distance(x, image, modelled));
        }

        Guard byScreen() {
            return new Slope(this, screened);
        }

        Guard byModel() {
            return new Slope(this, modelled);
        }

        Guard staged() {
            return new StagedGuard(
                    "staged",
                    Map.of(Stage.CLEARED, byScreen(), Stage.UNSURE, byModel(), Stage.SUSPECT, byScreen()),
                    SHAPE,
                    256);
        }
    }

    /** The gradient of one of the two. */
    private record Slope(Two cascade, IntPredicate seen) implements Guard {

        @Override
        public String name() {
            return "distance";
        }

        @Override
        public double[] scores(Levels images) {
            float[] x = Batch.floats(images);
            double[] places = new double[images.count()];
            Arrays.setAll(places, image -> cascade.place(x, image));
            return places;
        }

        @Override
        public float[] gradients(float[] images, int count) {
            float[] gradients = new float[images.length];
            for (int i = 0; i < images.length; i++) {
                gradients[i] = seen.test(i % SIZE) ? images[i] - CLEAN : 0;
            }
            return gradients;
        }
    }

    private static double distance(float[] x, int image, IntPredicate seen) {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < SIZE; i++) {
            if (seen.test(i)) {
                double by = x[image * SIZE + i] - CLEAN;
                sum += by * by;
                count++;
            }
        }
        return sum / count;
    }

    private static boolean through(Levels images, int image, Guard guard) {
        float[] logits = VICTIM.logits(Batch.floats(images), images.count());
        return Batch.argmax(logits, image, 2) == 1 && guard.scores(images)[image] <= THROUGH;
    }

    private static Levels attacked(Attack attack) {
        return attack.perturb(filled(CLEAN), new int[1], VICTIM);
    }

    private static EitherWay either(Way way, Two cascade) {
        return new EitherWay(
                "either way",
                new AdaptivePgd(way, EPSILON, STEPS, cascade.byScreen()),
                new AdaptivePgd(way, EPSILON, STEPS, cascade.staged()),
                cascade.staged(),
                THROUGH);
    }

    /** The model sees everything; the screen does not see the first row and clears what it finds ordinary. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void aHoleOfTheScreenAloneIsFoundByWayOfTheScreen(Way way) {
        Two cascade = new Two(i -> i >= 8, 1, 50, i -> true);
        Levels attacked = attacked(new AdaptivePgd(way, EPSILON, STEPS, cascade.byScreen()));
        assertThat(through(attacked, 0, cascade.byScreen())).isTrue();
        assertThat(cascade.byScreen().scores(attacked)[0]).isLessThan(1);
        assertThat(attacked(either(way, cascade)).data()).containsExactly(attacked.data());
        // It is a hole of the screen: who follows the model alone does not find it.
        Levels byModel = attacked(new AdaptivePgd(way, EPSILON, STEPS, cascade.byModel()));
        assertThat(through(byModel, 0, cascade.byModel())).isFalse();
    }

    /** The screen sees everything, clears nothing that fools and suspects nothing; the model, which it asks, does not see the first row. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void aHoleOfTheModelAloneIsFoundByWayOfTheModel(Way way) {
        Two cascade = new Two(i -> true, 50, EPSILON * EPSILON, i -> i >= 8);
        Levels byScreen = attacked(new AdaptivePgd(way, EPSILON, STEPS, cascade.byScreen()));
        assertThat(through(byScreen, 0, cascade.byScreen())).isFalse();
        Levels attacked = attacked(either(way, cascade));
        assertThat(through(attacked, 0, cascade.staged())).isTrue();
        assertThat(Stage.at(cascade.staged().scores(attacked)[0])).isEqualTo(Stage.UNSURE);
    }

    /**
     * The screen suspects changes of the left half, the model sees all but the first two rows: what is left are eight values that neither sees. The
     * gradient of one density alone leads out of the other's.
     */
    @Test
    void aHoleThatBothHaveIsFoundByWhoFollowsTheOneThatJudges() {
        Two cascade = new Two(i -> i % 8 < 4, -1, 50, i -> i >= 16);
        for (Guard alone : new Guard[] {cascade.byScreen(), cascade.byModel()}) {
            Levels attacked = attacked(new AdaptivePgd(Way.ORTHOGONAL, EPSILON, STEPS, alone));
            assertThat(through(attacked, 0, alone)).isFalse();
        }
        Levels attacked = attacked(new AdaptivePgd(Way.ORTHOGONAL, EPSILON, STEPS, cascade.staged()));
        assertThat(through(attacked, 0, cascade.staged())).isTrue();
        assertThat(through(attacked(either(Way.ORTHOGONAL, cascade)), 0, cascade.staged()))
                .isTrue();
    }

    /** Without a hole there is nothing to be found: moving all by 10 costs a mean square of 100, and the screen hands that on to a model which sees it. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void twoThatSeeEverythingAreNotGotPast(Way way) {
        Two cascade = new Two(i -> true, 50, 1500, i -> true);
        Levels attacked = attacked(either(way, cascade));
        assertThat(through(attacked, 0, cascade.staged())).isFalse();
    }

    /**
     * What two attacks made of four images, as brightness of all their values: fooled from 111 on, and flagged the more the brighter. The second is asked about
     * those alone that the first did not get through, and what it makes counts where it is wrong for the classifier and less suspicious.
     */
    @Test
    void ofTwoImagesTheOneIsKeptThatFoolsAndIsLessSuspicious() {
        Two cascade = new Two(i -> true, 150, 900, i -> true);
        Attack first = new OtherImages("first", filled(111, 140, 120, 105));
        Attack second = new OtherImages("second", filled(115, 109, 130));
        Levels kept = new EitherWay("either", first, second, cascade.staged(), THROUGH)
                .perturb(filled(100, 100, 100, 100), new int[4], VICTIM);
        assertThat(kept.data()).containsExactly(filled(111, 115, 120, 130).data());
    }

    private static Levels filled(int... brightness) {
        byte[] data = new byte[brightness.length * SIZE];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) brightness[i / SIZE];
        }
        return Levels.of(SHAPE, 256, brightness.length, data);
    }

    @Test
    void aStageWithoutAGradientIsRefused() {
        Two cascade = new Two(i -> true, 1, 2, i -> true);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StagedGuard("some", Map.of(Stage.UNSURE, cascade.byModel()), SHAPE, 256))
                .withMessage("expected a gradient for each stage, found [UNSURE]");
    }
}
