package io.surprisal.detector.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.Blank;
import io.surprisal.detector.density.Conditionals;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What can go wrong: a sum in float, rows of other images, bits taken for nats. */
class ChainRuleTest {

    @Test
    void nEqualLevelsCostTheirLogarithmInBits() {
        // Uniform over 256 levels is 8 bits a dimension, whatever the number of dimensions.
        float[] logProb = new float[2 * 784];
        Arrays.fill(logProb, (float) -Math.log(256));
        Conditionals uniform = new Conditionals(Blank.images(2, 784), logProb, null, null, null);
        assertThat(ChainRule.of(uniform, 1).bitsPerDimension()).isCloseTo(8, within(1e-6));
        assertThat(ChainRule.of(uniform, 1).nats()).isCloseTo(-784 * Math.log(256), within(1e-4));
    }

    @Test
    void onlyTheRowOfTheImageIsSummed() {
        Conditionals two = new Conditionals(Blank.images(2, 2), new float[] {-1, -2, -4, -8}, null, null, null);
        assertThat(ChainRule.of(two, 0).nats()).isEqualTo(-3);
        assertThat(ChainRule.of(two, 1).nats()).isEqualTo(-12);
    }

    @Test
    void smallTermsAreNotLostBesideLargeOnes() {
        // In float32, 2^24 + 1 = 2^24: a sum in float would lose every term but the first.
        float[] logProb = new float[1001];
        Arrays.fill(logProb, -1f);
        logProb[0] = -(1 << 24);
        Conditionals uneven = new Conditionals(Blank.images(1, 1001), logProb, null, null, null);
        assertThat(ChainRule.of(uneven, 0).nats()).isEqualTo(-(1 << 24) - 1000.0);
    }

    @Test
    void anImpossibleImageHasInfinitelyManyBits() {
        LogLikelihood impossible = new LogLikelihood(Double.NEGATIVE_INFINITY, 3);
        assertThat(impossible.bitsPerDimension()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void aCertainImageHasNoBitsAndNoMinusSign() {
        assertThat(new LogLikelihood(0, 3).bitsPerDimension()).isEqualTo(0.0).hasToString("0.0");
    }

    @Test
    void noProbabilityHasALogarithmThatIsPositiveOrNotANumber() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LogLikelihood(Double.NaN, 3))
                .withMessage("expected a log-likelihood of at most 0 nats, found NaN");
        assertThatIllegalArgumentException().isThrownBy(() -> new LogLikelihood(1, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> new LogLikelihood(-1, 0));
    }
}
