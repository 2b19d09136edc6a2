package io.surprisal.detector.density;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surprisal.detector.Blank;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can go wrong: a NaN slips through a comparison and ends as an accepted image. */
class ConditionalsTest {

    private static final float[] OK = {-1, -2};

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, 0.5f, Float.POSITIVE_INFINITY})
    void whatNoLogProbabilityCanBeIsAnInferenceFailure(float value) {
        assertThatThrownBy(() -> new Conditionals(Blank.images(2, 1), new float[] {-1, value}, null, null, null))
                .isInstanceOf(InferenceException.class)
                .hasMessage("log_prob: expected values from -Infinity to 0.001, found " + value
                        + " at dimension 0 of image 1");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, -0.5f, Float.POSITIVE_INFINITY})
    void soAreEntropiesAndVariancesThatCannotBe(float value) {
        float[] bad = {1, value};
        assertThatThrownBy(() -> new Conditionals(Blank.images(1, 2), OK, bad, null, null))
                .isInstanceOf(InferenceException.class);
        assertThatThrownBy(() -> new Conditionals(Blank.images(1, 2), OK, null, bad, null))
                .isInstanceOf(InferenceException.class);
        assertThatThrownBy(() -> new Conditionals(Blank.images(1, 2), OK, null, null, bad))
                .isInstanceOf(InferenceException.class);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY})
    void soIsALogRatioThatIsNoNumber(float value) {
        float[] ratio = {-3, value};
        assertThatThrownBy(() -> new Conditionals(Blank.images(1, 2), OK, null, null, null, ratio, null))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("background_log_ratio: expected values from");
    }

    @Test
    void anImpossibleImageIsPossibleInput() {
        float[] impossible = {Float.NEGATIVE_INFINITY, 0};
        assertThat(new Conditionals(Blank.images(1, 2), impossible, null, null, null).logProb())
                .isEqualTo(impossible);
    }

    @Test
    void anArrayOfTheWrongLengthIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Conditionals(Blank.images(1, 3), OK, null, null, null))
                .withMessage("log_prob: expected 1 × 3 = 3 values, found 2");
    }

    @Test
    void aSliceHoldsTheRowsOfItsImages() {
        Conditionals three = new Conditionals(
                Blank.images(3, 2),
                new float[] {-1, -2, -3, -4, -5, -6},
                new float[] {1, 2, 3, 4, 5, 6},
                null,
                null,
                new float[] {9, 8, 7, 6, 5, 4},
                null);
        Conditionals last = three.slice(1, 3);
        assertThat(last.count()).isEqualTo(2);
        assertThat(last.logProb()).containsExactly(-3, -4, -5, -6);
        assertThat(last.entropy()).containsExactly(3, 4, 5, 6);
        assertThat(last.backgroundLogRatio()).containsExactly(7, 6, 5, 4);
        assertThat(last.surprisalVariance()).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> three.slice(3, 3));
    }
}
