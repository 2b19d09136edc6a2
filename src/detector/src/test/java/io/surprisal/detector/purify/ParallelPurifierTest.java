package io.surprisal.detector.purify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.surprisal.detector.TinyModel;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What can go wrong: a worse image than the one given, a level too far away, an image that another in the batch changes. */
class ParallelPurifierTest {
    private static final TinyModel TINY = new TinyModel(new ImageShape(1, 8, 8), 256, 0.1);
    private static final int EPSILON = 16;

    private static OnnxDensityModel model;

    @BeforeAll
    static void load() {
        model = OnnxDensityModel.of(TINY.onnx().toByteArray(), TINY.shape(), TINY.levels(), SessionSettings.defaults());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void everyImageBecomesLikelierByTheClosedForm() {
        Levels noise = TINY.noise(5, 1);
        Levels purified = ParallelPurifier.purify(model::evaluate, noise, EPSILON);
        for (int image = 0; image < noise.count(); image++) {
            assertThat(TINY.nats(purified, image)).isGreaterThan(TINY.nats(noise, image) + 20);
        }
    }

    @Test
    void noLevelGoesFurtherThanEpsilon() {
        Levels noise = TINY.noise(5, 2);
        byte[] purified =
                ParallelPurifier.purify(model::evaluate, noise, EPSILON).data();
        int furthest = 0;
        for (int i = 0; i < purified.length; i++) {
            furthest =
                    Math.max(furthest, Math.abs(Byte.toUnsignedInt(purified[i]) - Byte.toUnsignedInt(noise.data()[i])));
        }
        assertThat(furthest).isBetween(1, EPSILON);
    }

    @Test
    void theLikeliestImageStaysAsItIs() {
        // A chain that never moves: each level is the median of its conditional, and nothing is likelier.
        Levels constant =
                Levels.of(TINY.shape(), TINY.levels(), 1, new byte[TINY.shape().dimensions()]);
        assertThat(ParallelPurifier.purify(model::evaluate, constant, EPSILON).data())
                .containsOnly(0);
    }

    @Test
    void aDistanceOfNothingChangesNothing() {
        Levels noise = TINY.noise(1, 3);
        assertThat(ParallelPurifier.purify(model::evaluate, noise, 0).data()).isEqualTo(noise.data());
    }

    @Test
    void theModelIsAskedAsOftenAsPromised() {
        AtomicInteger asked = new AtomicInteger();
        ParallelPurifier.purify(
                levels -> {
                    asked.incrementAndGet();
                    return model.evaluate(levels);
                },
                TINY.noise(1, 4),
                EPSILON);
        assertThat(asked).hasValue(2 * EPSILON + 1);
    }

    @Test
    void aModelWithoutCdfIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParallelPurifier.purify(
                        levels ->
                                new Conditionals(levels, model.evaluate(levels).logProb(), null, null, null),
                        TINY.noise(1, 5),
                        1))
                .withMessage("expected a model with the output cdf, found one without");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParallelPurifier.purify(model::evaluate, TINY.noise(1, 5), -1))
                .withMessageContaining("found -1");
    }
}
