package io.surprisal.evaluation.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What can go wrong: a sign, or the derivative of a ratio. */
class ObjectiveTest {
    private static final float[] LOGITS = {1.5f, -0.7f, 2.25f, 0.1f};

    @Test
    void derivativesAreThoseOfTheValues() {
        for (Objective objective :
                List.of(Objective.CROSS_ENTROPY, Objective.MARGIN, Objective.LOGITS_RATIO, Objective.LOGIT)) {
            for (int label = 0; label < 4; label++) {
                float[] derivatives = new float[4];
                objective.derivatives(LOGITS, label, derivatives);
                for (int k = 0; k < 4; k++) {
                    float[] more = LOGITS.clone();
                    float[] less = LOGITS.clone();
                    more[k] += 1e-2f;
                    less[k] -= 1e-2f;
                    double slope = (objective.value(more, label) - objective.value(less, label)) / 2e-2;
                    assertThat((double) derivatives[k])
                            .as("%s, label %d, logit %d", objective, label, k)
                            .isCloseTo(slope, within(2e-3));
                }
            }
        }
    }

    @Test
    void theValuesAreThoseOfThePapers() {
        assertThat(Objective.MARGIN.value(LOGITS, 2)).isCloseTo(-0.75, within(1e-6));
        assertThat(Objective.MARGIN.value(LOGITS, 0)).isCloseTo(0.75, within(1e-6));
        // −(2.25 − 1.5) / (2.25 − 0.1), and (2.25 − 1.5) / 2.15 for the second.
        assertThat(Objective.LOGITS_RATIO.value(LOGITS, 2)).isCloseTo(-0.75 / 2.15, within(1e-6));
        assertThat(Objective.LOGITS_RATIO.value(LOGITS, 0)).isCloseTo(0.75 / 2.15, within(1e-6));
        assertThat(Objective.CROSS_ENTROPY.value(new float[] {0, 0, 0, 0}, 1)).isCloseTo(Math.log(4), within(1e-9));
    }
}
