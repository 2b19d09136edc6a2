package io.surprisal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.surprisal.detector.Detector;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.WatchedModel;
import io.surprisal.detector.bundle.Bundle;
import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.density.InferenceException;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.stream.Outcome.Cause;
import io.surprisal.stream.Outcome.Judged;
import io.surprisal.stream.Outcome.Unjudged;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong: one image costs others their verdict, or an outcome is put to another's image. */
class ImageJudgeTest {
    private static final TinyBundle TINY = TinyBundle.grey();

    @TempDir
    Path folder;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<Integer> runs = new ArrayList<>();
    private Detector detector;
    private ImageJudge judge;

    /** A model that fails on every batch with a black image, and has a fault that shows with a white one. */
    private WatchedModel fragile() {
        DensityModel model = OnnxDensityModel.of(
                TINY.model().onnx().toByteArray(),
                TINY.model().shape(),
                TINY.model().levels(),
                SessionSettings.defaults());
        return new WatchedModel(model, images -> {
            runs.add(images.count());
            for (int image = 0; image < images.count(); image++) {
                byte[] data = images.slice(image, image + 1).data();
                if (IntStream.range(0, data.length).allMatch(i -> data[i] == 0)) {
                    throw new InferenceException("no numbers for black");
                }
                if (IntStream.range(0, data.length).allMatch(i -> data[i] == -1)) {
                    throw new IllegalStateException("nobody thought of white");
                }
            }
        });
    }

    @BeforeEach
    void load() {
        detector = Detector.of(Bundle.load(TINY.write(folder)), fragile());
        judge = new ImageJudge(detector, detector.defaultDecision(), new StreamMeters(registry, detector.manifest()));
    }

    @AfterEach
    void close() {
        detector.close();
    }

    @Test
    void outcomesAreInTheOrderOfTheImagesAndThoseThatCanBeReadGoInOneRun() {
        List<Image> images = List.of(
                image(0, "no image".getBytes(StandardCharsets.UTF_8)),
                image(1, TinyBundle.png(TINY.clean(1, 3), 0)),
                image(2, new byte[0]),
                image(3, TinyBundle.png(TINY.noise(1, 4), 0)));

        List<Outcome> outcomes = judge.judge(images);

        assertThat(outcomes).extracting(Outcome::image).isEqualTo(images);
        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        Unjudged.class, unjudged -> assertThat(unjudged.cause()).isEqualTo(Cause.UNREADABLE));
        assertThat(outcomes.get(2))
                .isInstanceOfSatisfying(
                        Unjudged.class,
                        unjudged ->
                                assertThat(unjudged.reason()).isEqualTo("expected PNG or JPEG, found an empty file"));
        assertThat(outcomes.get(1))
                .isEqualTo(new Judged(
                        images.get(1),
                        detector.examine(List.of(images.get(1).file())).getFirst()));
        assertThat(outcomes.get(3))
                .isInstanceOfSatisfying(
                        Judged.class,
                        judged -> assertThat(judged.verdict().flagged()).isTrue());
        assertThat(runs.getFirst()).isEqualTo(2);
    }

    @Test
    void anImageTheModelFailsOnCostsNoOtherItsVerdict() {
        byte[] white = new byte[64];
        Arrays.fill(white, (byte) -1);
        List<Image> images = List.of(
                image(0, TinyBundle.png(TINY.clean(1, 3), 0)),
                image(1, TinyBundle.png(Levels.of(TINY.model().shape(), 256, 1, new byte[64]), 0)),
                image(2, TinyBundle.png(TINY.clean(2, 3), 1)),
                image(3, TinyBundle.png(Levels.of(TINY.model().shape(), 256, 1, white), 0)));

        List<Outcome> outcomes = judge.judge(images);

        assertThat(outcomes.get(0)).isInstanceOf(Judged.class);
        assertThat(outcomes.get(1)).isEqualTo(new Unjudged(images.get(1), Cause.INFERENCE, "no numbers for black"));
        assertThat(outcomes.get(2)).isInstanceOf(Judged.class);
        assertThat(outcomes.get(3))
                .isInstanceOfSatisfying(
                        Unjudged.class, unjudged -> assertThat(unjudged.cause()).isEqualTo(Cause.UNEXPECTED));
    }

    @Test
    void whatIsLargerThanTheModelIsRefusedByItsHeader() {
        Levels large = Levels.of(new ImageShape(1, 8, 9), 256, 1, new byte[72]);
        byte[] file = TinyBundle.png(large, 0);
        // Nothing but the signature and the header: what is refused before anything is decoded is refused without the
        // rest.
        Outcome outcome =
                judge.judge(List.of(image(0, Arrays.copyOf(file, 33)))).getFirst();

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Unjudged.class,
                        unjudged -> assertThat(unjudged.reason())
                                .contains("expected at most 8 pixels a side, found 9×8 in the header"));
    }

    private static Image image(long offset, byte[] file) {
        return new Image("images", 0, offset, null, file);
    }
}
