package io.surprisal.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReachableRatesTest {

    /** One reference at a rate of ½: the count of flagged images is uniform on 0..m. */
    @Test
    void withOneReferenceEveryCountIsAsLikely() {
        assertThat(ReachableRates.of(0.5, 1, 99)).isEqualTo(new Interval(2 / 99.0, 97 / 99.0));
    }

    @Test
    void manyReferencesLeaveTheBinomialRange() {
        // 10,000 images at exactly 5 %: a standard deviation of 0.218 %.
        Interval range = ReachableRates.of(0.05, 100_000_000, 10_000);
        assertThat(range.lower()).isBetween(0.0455, 0.0459);
        assertThat(range.upper()).isBetween(0.0541, 0.0545);
    }

    @Test
    void soundTestsStayInTheRangeIn95PercentOfAllRuns() {
        Interval range = ReachableRates.of(0.05, 500, 1000);
        Random random = new Random(1);
        int inside = 0;
        int runs = 2000;
        for (int run = 0; run < runs; run++) {
            double[] references = random.doubles(500).sorted().toArray();
            // p = (1 + #{reference ≥ score}) / 501 ≤ 0.05: at most 24 references lie above.
            double threshold = references[500 - 25];
            double[] scores = random.doubles(1000).toArray();
            double rate = Arrays.stream(scores).filter(s -> s > threshold).count() / 1000.0;
            inside += range.contains(rate) ? 1 : 0;
        }
        assertThat(inside / (double) runs).isBetween(0.94, 0.97);
    }

    @Test
    void aRateThatTheReferencesDoNotResolveIsRefused() {
        assertThatThrownBy(() -> ReachableRates.of(0.01, 98, 10)).isInstanceOf(IllegalArgumentException.class);
    }
}
