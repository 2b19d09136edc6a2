package io.surprisal.service.recent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.detector.Detector;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.TinyCascade;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.verdict.Verdict;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecisionLogTest {
    @TempDir
    static Path folder;

    private static final TinyBundle TINY = TinyBundle.grey();
    private static final Levels CLEAN = TINY.clean(3, 7);
    private static final Levels NOISE = TINY.noise(2, 8);

    private static BundleManifest manifest;
    private static List<Verdict> clean;
    private static List<Verdict> noise;

    @BeforeAll
    static void judge() {
        try (Detector detector = Detector.load(TINY.write(folder))) {
            manifest = detector.manifest();
            clean = detector.examine(CLEAN, detector.defaultDecision());
            noise = detector.examine(NOISE, detector.defaultDecision());
        }
    }

    @Test
    void decisionsAreNumberedAndTellWhatWasDecided() {
        DecisionLog log = new DecisionLog(10);
        log.judged(manifest, CLEAN, clean);
        log.judged(manifest, NOISE, noise);
        List<RecentDecision> all = log.after(0);
        assertThat(all).extracting(RecentDecision::number).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(all).extracting(RecentDecision::flagged).endsWith(true, true);
        RecentDecision last = all.getLast();
        assertThat(last.model()).isEqualTo("tiny-grey");
        assertThat(last.reason()).isEqualTo(noise.getLast().reason());
        assertThat(last.pValue())
                .isEqualTo(noise.getLast().assessment().decisive().pValue().value());
    }

    @Test
    void whatAScreenDecidedIsThereOnlyWhereThereIsOne(@TempDir Path own) {
        DecisionLog log = new DecisionLog(10);
        log.judged(manifest, NOISE, noise);
        try (Detector cascade = Detector.load(TinyCascade.grey().write(own.resolve("tiny-grey/1"), "1"))) {
            Levels images = Levels.concat(List.of(NOISE, TINY.clean(100, 9)));
            List<Verdict> verdicts = cascade.examine(images, cascade.defaultDecision());
            log.judged(cascade.manifest(), images, verdicts.subList(0, 3));
            Verdict unsure = verdicts.stream()
                    .filter(verdict -> !verdict.assessment().screened())
                    .findFirst()
                    .orElseThrow();
            log.judged(cascade.manifest(), images, List.of(unsure));
        }
        List<ObjectNode> all = log.after(0).stream().map(DecisionJson::of).toList();
        assertThat(all.get(0).has("screened")).isFalse();
        assertThat(all.get(2).path("screened").isBoolean()).isTrue();
        assertThat(all.get(2).path("screened").booleanValue()).isTrue();
        assertThat(all.getLast().path("screened").isBoolean()).isTrue();
        assertThat(all.getLast().path("screened").booleanValue()).isFalse();
    }

    @Test
    void onlyWhatIsNewIsGivenToWhoKnowsTheRest() {
        DecisionLog log = new DecisionLog(10);
        log.judged(manifest, CLEAN, clean);
        assertThat(log.after(3)).isEmpty();
        log.judged(manifest, NOISE, noise);
        assertThat(log.after(3)).extracting(RecentDecision::number).containsExactly(4L, 5L);
    }

    @Test
    void theOldestAreForgotten() {
        DecisionLog log = new DecisionLog(2);
        log.judged(manifest, CLEAN, clean);
        assertThat(log.after(0)).extracting(RecentDecision::number).containsExactly(2L, 3L);
    }

    @Test
    void nothingIsKeptWhereNothingIsToBeKept() {
        DecisionLog log = new DecisionLog(0);
        log.judged(manifest, CLEAN, clean);
        assertThat(log.after(0)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DecisionLog(-1))
                .withMessageContaining("surprisal.console.decisions");
    }
}
