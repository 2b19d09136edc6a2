package io.surprisal.evaluation.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.surprisal.detector.Detector;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.quantise.Levels;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong: scores of one batch in the places of another. */
class ScorerTest {
    private static final TinyBundle BUNDLE = TinyBundle.grey();

    @Test
    void everyImageHasTheScoreItHasAlone(@TempDir Path folder) {
        Levels images = BUNDLE.clean(101, 7);
        AtomicInteger done = new AtomicInteger();
        try (Detector detector = Detector.load(BUNDLE.write(folder));
                Workers workers = new Workers(3)) {
            Scorer scorer = new Scorer(detector, workers);
            Scores scores = scorer.score(images, done::addAndGet);
            assertThat(done).hasValue(101);
            assertThat(scores.images()).isEqualTo(101);
            assertThat(scores.statistics())
                    .containsExactlyElementsOf(detector.calibration().names());
            for (int i : new int[] {0, 3, 4, 100}) {
                var alone = detector.evaluate(images.slice(i, i + 1));
                detector.calibration()
                        .statistics()
                        .forEach(statistic -> assertThat(scores.of(statistic.name())[i])
                                .as(statistic.name())
                                .isEqualTo(statistic.of(alone, 0)));
            }
        }
    }

    @Test
    void pickedScoresAreThoseOfThePickedImages(@TempDir Path folder) {
        try (Detector detector = Detector.load(BUNDLE.write(folder));
                Workers workers = new Workers(1)) {
            Scorer scorer = new Scorer(detector, workers);
            Scores scores = scorer.score(BUNDLE.clean(5, 7), images -> {});
            Scores picked = scores.pick(new int[] {4, 1});
            String name = scores.statistics().iterator().next();
            assertThat(picked.of(name)).containsExactly(scores.of(name)[4], scores.of(name)[1]);
        }
    }
}
