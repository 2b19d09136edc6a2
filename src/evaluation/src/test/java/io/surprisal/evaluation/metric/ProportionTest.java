package io.surprisal.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTest {

    /**
     * 682 of 925: Conover (1971), p. 97, as printed by the documentation of R's binom.test. None and all of 10: 1 − 0.025^(1/10)
     * in closed form. The others are the output of R's binom.test.
     */
    @ParameterizedTest
    @CsvSource({
        "682, 925, 0.7076683, 0.7654066",
        "0,   10,  0,         0.3084971",
        "10,  10,  0.6915029, 1",
        "5,   10,  0.1870860, 0.8129140",
        "1,   20,  0.0012651, 0.2487328",
    })
    void theIntervalIsThePublishedOne(int flagged, int images, double lower, double upper) {
        Interval interval = new Proportion(flagged, images).interval();
        assertThat(interval.lower()).isCloseTo(lower, within(1e-6));
        assertThat(interval.upper()).isCloseTo(upper, within(1e-6));
    }

    /** The coverage, summed over all outcomes: what "exact" means (Brown, Cai and DasGupta 2001, section 4.2.1). */
    @Test
    void theIntervalCoversEveryRateInAtLeast95PercentOfTheSamples() {
        int n = 40;
        Interval[] intervals = new Interval[n + 1];
        for (int k = 0; k <= n; k++) {
            intervals[k] = new Proportion(k, n).interval();
        }
        for (double rate = 0.005; rate < 1; rate += 0.005) {
            double coverage = 0;
            double probability = Math.pow(1 - rate, n);
            for (int k = 0; k <= n; k++) {
                coverage += intervals[k].contains(rate) ? probability : 0;
                probability *= (n - k) / (k + 1.0) * rate / (1 - rate);
            }
            assertThat(coverage).as("rate " + rate).isGreaterThanOrEqualTo(0.95 - 1e-9);
        }
    }

    @Test
    void aScoreAtTheThresholdIsNotFlaggedAndNotANumberIs() {
        double[] scores = {1, 2, 3, Double.NaN, Double.POSITIVE_INFINITY};
        assertThat(Proportion.above(2, scores)).isEqualTo(new Proportion(3, 5));
    }

    @Test
    void aShareOfNothingIsRefused() {
        assertThatThrownBy(() -> new Proportion(0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
