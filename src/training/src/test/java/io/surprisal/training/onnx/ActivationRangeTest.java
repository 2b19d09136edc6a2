package io.surprisal.training.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;

/** What can go wrong: padding that is not 0 any more, and a value inside the range that has no code near it. */
class ActivationRangeTest {
    @Property
    void valuesOfTheRangeAreWithinAStepAndZeroIsExact(
            @ForAll @FloatRange(min = -100, max = 100) float one,
            @ForAll @FloatRange(min = -100, max = 100) float other,
            @ForAll @FloatRange(min = 0, max = 1) float share) {
        ActivationRange range = new ActivationRange(Math.min(one, other), Math.max(one, other));
        float value = range.low() + share * (range.high() - range.low());
        int code = Math.clamp(Math.round(value / range.scale()) + range.zeroPoint(), 0, 255);
        assertThat(range.zeroPoint()).isBetween(0, 255);
        assertThat(range.scale() * (code - range.zeroPoint())).isCloseTo(value, within(1.001f * range.scale()));
    }

    @Test
    void aRangeAboveZeroBeginsAtZero() {
        ActivationRange range = new ActivationRange(3, 5.1f);
        assertThat(range.zeroPoint()).isZero();
        assertThat(range.scale()).isCloseTo(0.02f, within(1e-6f));
    }

    @Test
    void aTensorOfZerosHasAScale() {
        assertThat(new ActivationRange(0, 0).scale()).isPositive();
        assertThat(new ActivationRange(0, 0).zeroPoint()).isZero();
    }

    @Test
    void boundsTakeAwayWhatMakesNoDifference() {
        assertThat(new ActivationRange(-60, 3).within(-4, 4)).isEqualTo(new ActivationRange(-4, 3));
        assertThat(new ActivationRange(-60, -50).within(-4, 4)).isEqualTo(new ActivationRange(-4, -4));
    }

    @Test
    void aRangeThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new ActivationRange(0, Float.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ActivationRange(0, Float.POSITIVE_INFINITY))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
