package io.surprisal.detector.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can go wrong: a threshold that is said to be of one density and is of the other. */
class StageTest {

    @ParameterizedTest
    @EnumSource(Stage.class)
    void aPlaceTellsItsStageAndItsScore(Stage stage) {
        for (double score : new double[] {-1e4, -3, 0, 0.25, 40, 1e4}) {
            double place = stage.place(score);
            assertThat(Stage.at(place)).isEqualTo(stage);
            assertThat(stage.score(place)).isCloseTo(score, within(1e-6 * (1 + score * score)));
        }
    }

    @Test
    void theEndsOfTheScaleAreOnIt() {
        assertThat(Stage.at(0)).isEqualTo(Stage.CLEARED);
        assertThat(Stage.at(3)).isEqualTo(Stage.SUSPECT);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 3.01, Double.NaN, Double.POSITIVE_INFINITY})
    void whatIsNoPlaceHasNoStage(double place) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Stage.at(place))
                .withMessage("expected a place from 0 to 3 in a cascade, found " + place);
    }
}
