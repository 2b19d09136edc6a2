package io.surprisal.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.bundle.Bundle;
import io.surprisal.detector.calibration.TooFewCleanImagesException;
import io.surprisal.detector.calibration.UnknownStatisticException;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.InferenceException;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.image.UnreadableImageException;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.verdict.Decision;
import io.surprisal.detector.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Bytes of image files to verdicts, on a bundle whose density has a closed form. */
class DetectorTest {

    static final List<TinyBundle> BUNDLES = List.of(TinyBundle.grey(), TinyBundle.rgb());

    /** Noise surprises everywhere alike, its errors have no memory, and it costs a lossless code as much: these look for the opposite. */
    private static final Set<String> BLIND_TO_NOISE = Set.of(
            "serial-correlation-rows",
            "serial-correlation-columns",
            "serial-correlation-diagonals",
            "serial-correlation-channels",
            "tail-share",
            "input-complexity");

    @TempDir
    Path folder;

    @ParameterizedTest
    @FieldSource("BUNDLES")
    void theLikelihoodOfAPngFileIsThatOfTheClosedForm(TinyBundle tiny) {
        Levels images = tiny.clean(3, 41);
        try (Detector detector = Detector.load(tiny.write(folder))) {
            List<Verdict> verdicts = detector.examine(files(images));
            for (int image = 0; image < images.count(); image++) {
                assertThat(verdicts.get(image).assessment().logLikelihood().nats())
                        .isCloseTo(tiny.model().nats(images, image), within(1e-3));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("BUNDLES")
    void cleanImagesAreAcceptedAndNoiseIsFlagged(TinyBundle tiny) {
        try (Detector detector = Detector.load(tiny.write(folder))) {
            detector.replayGolden();
            for (String statistic : detector.calibration().names()) {
                Decision decision = new Decision(statistic, 0.01);
                List<Verdict> clean = detector.examine(tiny.clean(200, 42), decision);
                // 200 images at 1 %: 2 are expected, and more than 10 have a probability below 1e-4, the calibration's
                // own error included.
                assertThat(clean.stream().filter(Verdict::flagged).count()).isLessThanOrEqualTo(10);
                if (!BLIND_TO_NOISE.contains(statistic)) {
                    assertThat(detector.examine(tiny.noise(20, 43), decision))
                            .as(statistic)
                            .allMatch(Verdict::flagged);
                }
            }
        }
    }

    @Test
    void evaluatingTogetherAndJudgingApartIsExamining() {
        TinyBundle tiny = TinyBundle.grey();
        try (Detector detector = Detector.load(tiny.write(folder))) {
            Levels images = Levels.concat(List.of(tiny.clean(2, 44), tiny.noise(2, 45)));
            Decision decision = detector.defaultDecision();
            Conditionals together = detector.evaluate(images);
            List<Verdict> apart = IntStream.range(0, 4)
                    .mapToObj(image -> detector.judge(together.slice(image, image + 1), decision)
                            .getFirst())
                    .toList();
            assertThat(apart).isEqualTo(detector.examine(images, decision));
        }
    }

    @Test
    void theDefaultIsAllStatisticsCombinedAtOnePercent() {
        try (Detector detector = Detector.load(TinyBundle.grey().write(folder))) {
            assertThat(detector.defaultDecision()).isEqualTo(new Decision("combined", 0.01));
        }
    }

    @Test
    void whatIsNoImageOfTheModelIsUnreadableAndTheDetectorLivesOn() {
        TinyBundle tiny = TinyBundle.grey();
        try (Detector detector = Detector.load(tiny.write(folder))) {
            byte[] good = TinyBundle.png(tiny.clean(1, 46), 0);
            byte[] rgb = TinyBundle.png(TinyBundle.rgb().clean(1, 47), 0);
            for (byte[] bad : List.of(rgb, "not an image".getBytes(StandardCharsets.UTF_8), new byte[0])) {
                assertThatThrownBy(() -> detector.examine(List.of(good, bad)))
                        .isInstanceOf(UnreadableImageException.class);
            }
            assertThat(detector.examine(List.of(good))).hasSize(1);
        }
    }

    @Test
    void aDecisionThatCannotBeMadeIsRefusedBeforeAnythingRuns() {
        try (Detector detector = Detector.load(TinyBundle.grey().write(folder))) {
            assertThatThrownBy(() -> detector.examine(List.of(new byte[0]), new Decision("magic", 0.01)))
                    .isInstanceOf(UnknownStatisticException.class);
            assertThatThrownBy(() -> detector.examine(List.of(new byte[0]), new Decision("typicality", 0.001)))
                    .isInstanceOf(TooFewCleanImagesException.class)
                    .hasMessageContaining("needs at least 999 clean reference scores, found 200");
        }
    }

    @Test
    void aNaNFromTheModelIsAFailureAndNeverAVerdict() {
        TinyBundle tiny = TinyBundle.grey();
        try (Detector detector = Detector.load(tiny.write(folder, TinyFault.NAN_OUTPUT))) {
            assertThatThrownBy(() -> detector.examine(files(tiny.clean(1, 48))))
                    .isInstanceOf(InferenceException.class)
                    .hasMessageContaining("found NaN at dimension 0 of image 0");
        }
    }

    @Test
    void aModelForOtherImagesThanTheBundlesIsRefused() {
        TinyModel other = TinyBundle.rgb().model();
        Bundle bundle = Bundle.load(TinyBundle.grey().write(folder));
        try (OnnxDensityModel model = OnnxDensityModel.of(
                other.onnx().toByteArray(), other.shape(), other.levels(), SessionSettings.defaults())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Detector.of(bundle, model))
                    .withMessage("expected a model for 8×8 grey with 256 levels, found one for 6×5 RGB with 256");
        }
    }

    private static List<byte[]> files(Levels images) {
        return IntStream.range(0, images.count())
                .mapToObj(image -> TinyBundle.png(images, image))
                .toList();
    }
}
