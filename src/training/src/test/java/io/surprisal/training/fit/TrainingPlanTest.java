package io.surprisal.training.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.training.fit.TrainingPlan.Precision;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {

    @Test
    void theRateWarmsUpLinearlyAndEndsAtZeroAlongACosine() {
        TrainingPlan plan = plan(10, OptionalDouble.empty(), 0.01);
        assertThat(plan.learningRate(50, 0)).isCloseTo(0.005, within(1e-12));
        assertThat(plan.learningRate(100, 0)).isCloseTo(0.01, within(1e-12));
        assertThat(plan.learningRate(1000, 0.5)).isCloseTo(0.005, within(1e-12));
        assertThat(plan.learningRate(1000, 1)).isCloseTo(0, within(1e-12));
    }

    @Test
    void minutesAndEpochsBothEndARun() {
        TrainingPlan plan = plan(10, OptionalDouble.of(2), 0.01);
        assertThat(plan.progress(0, 320, 60)).isEqualTo(0.5);
        assertThat(plan.progress(75, 320, 0)).isEqualTo(0.75);
        assertThat(plan.progress(0, 320, 500)).isEqualTo(1);
    }

    @Test
    void aRateThatIsNotANumberIsRefused() {
        assertThatThrownBy(() -> plan(10, OptionalDouble.empty(), Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("learning rate");
    }

    private static TrainingPlan plan(double epochs, OptionalDouble minutes, double rate) {
        return new TrainingPlan(epochs, minutes, 32, rate, 100, 1, 0.99, 10, 5, Precision.FP32, 1, 1);
    }
}
