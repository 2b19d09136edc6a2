package io.surprisal.detector.density;

import static org.assertj.core.api.Assertions.assertThat;

import io.surprisal.detector.TinyModel;
import io.surprisal.detector.WatchedModel;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can go wrong: a size that is not one of the few, results of an image that nobody sent, or of another. */
class FixedBatchesTest {
    private static final TinyModel TINY = new TinyModel(new ImageShape(3, 4, 5), 256, 0.1);

    private static OnnxDensityModel tiny() {
        return OnnxDensityModel.of(TINY.onnx().toByteArray(), TINY.shape(), TINY.levels(), SessionSettings.defaults());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 4", "4, 4", "5, 8", "7, 8", "8, 8", "9, 16", "33, 64"})
    void batchesArePowersOfTwoAndEachImageKeepsItsResults(int images, int batch) {
        Levels sent = TINY.noise(images, 7);
        List<Integer> batches = new ArrayList<>();
        try (OnnxDensityModel model = tiny();
                FixedBatches fixed = new FixedBatches(new WatchedModel(tiny(), run -> batches.add(run.count())))) {
            Conditionals found = fixed.evaluate(sent);
            assertThat(batches).containsExactly(batch);
            assertThat(found.images().data()).isEqualTo(sent.data());
            Conditionals expected = model.evaluate(sent);
            assertThat(found.logProb()).containsExactly(expected.logProb());
            assertThat(found.entropy()).containsExactly(expected.entropy());
            assertThat(found.surprisalVariance()).containsExactly(expected.surprisalVariance());
            assertThat(found.cdf()).containsExactly(expected.cdf());
        }
    }

    @Test
    void itIsTheModelAndClosesIt() {
        WatchedModel model = new WatchedModel(tiny(), run -> {});
        try (FixedBatches fixed = new FixedBatches(model)) {
            assertThat(fixed.shape()).isEqualTo(TINY.shape());
            assertThat(fixed.levels()).isEqualTo(TINY.levels());
        }
        assertThat(model.closed()).isTrue();
    }
}
