package io.surprisal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.surprisal.detector.Detector;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.TinyCascade;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.verdict.Verdict;
import io.surprisal.stream.Outcome.Judged;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong: an event says of a model without a screen that its screen let an image through. */
class EventsTest {
    private static final TinyBundle TINY = TinyBundle.grey();
    private static final Levels IMAGES = Levels.concat(List.of(TINY.noise(1, 4), TINY.clean(100, 3)));

    @TempDir
    Path folder;

    private record Told(ContentMode mode, Optional<URI> source, double flagged, double accepted, boolean images)
            implements StreamConfig.Events {}

    @Test
    void eachVerdictOfACascadeSaysWhetherTheScreenDecided() {
        try (Detector detector = Detector.load(TinyCascade.grey().write(folder.resolve("tiny-grey/1"), "1"))) {
            List<Verdict> verdicts = detector.examine(IMAGES, detector.defaultDecision());
            assertThat(verdicts).anyMatch(one -> !one.assessment().screened());
            for (Verdict verdict : verdicts) {
                assertThat(data(detector, verdict).getBoolean("screened"))
                        .isEqualTo(verdict.assessment().screened());
            }
            assertThat(data(detector, verdicts.getFirst()).getBoolean("screened"))
                    .isTrue();
        }
    }

    @Test
    void aModelWithoutAScreenSaysNothingOfOne() {
        try (Detector detector = Detector.load(TINY.write(folder))) {
            Verdict verdict =
                    detector.examine(IMAGES, detector.defaultDecision()).getFirst();
            assertThat(data(detector, verdict).fieldNames())
                    .containsExactly(
                            "topic",
                            "partition",
                            "offset",
                            "number",
                            "at",
                            "model",
                            "version",
                            "flagged",
                            "statistic",
                            "pValue",
                            "falsePositiveRate",
                            "bitsPerDimension",
                            "reason");
        }
    }

    private static JsonObject data(Detector detector, Verdict verdict) {
        Told all = new Told(ContentMode.STRUCTURED, Optional.empty(), 1, 1, false);
        Events events = new Events(all, URI.create("/tests"), detector.manifest());
        Image image = new Image("images", 0, 7, null, new byte[0]);
        return (JsonObject) events.of(new Judged(image, verdict), Instant.EPOCH)
                .orElseThrow()
                .getPayload();
    }
}
