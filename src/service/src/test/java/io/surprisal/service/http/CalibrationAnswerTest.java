package io.surprisal.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.surprisal.detector.calibration.ReferenceScores;
import io.surprisal.service.http.CalibrationAnswer.Histogram;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What can go wrong: a histogram of the scores that are kept, and not of the images they stand for. */
class CalibrationAnswerTest {

    @Test
    void aHistogramCountsTheImagesThatAScoreStandsFor() {
        double[] every = IntStream.range(0, 6000).mapToDouble(i -> i / 10).toArray(); // 0 to 599, ten times each
        double[] values = IntStream.range(0, 600).asDoubleStream().toArray();
        int[] tens = new int[600];
        Arrays.fill(tens, 10);

        Histogram plain = Histogram.of(ReferenceScores.of(every));

        assertThat(Histogram.of(ReferenceScores.weighted(values, tens, 0, 0))).isEqualTo(plain);
        assertThat(plain.counts().stream().mapToInt(count -> count).sum()).isEqualTo(6000);
    }

    @Test
    void imagesAboveAllScoresAreInTheLastBin() {
        Histogram histogram = Histogram.of(ReferenceScores.weighted(new double[] {0, 1, 2}, new int[] {5, 5, 5}, 7, 0));
        assertThat(histogram.counts().getFirst()).isEqualTo(5);
        assertThat(histogram.counts().getLast()).isEqualTo(12);
        assertThat(histogram.to()).isEqualTo(2);
    }
}
