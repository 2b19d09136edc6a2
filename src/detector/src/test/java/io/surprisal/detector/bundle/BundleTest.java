package io.surprisal.detector.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.surprisal.detector.Detector;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.TinyFault;
import io.surprisal.detector.TinyModel;
import io.surprisal.detector.bundle.BundleManifest.SplitBits;
import io.surprisal.detector.bundle.BundleManifest.TrainingData;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.likelihood.DimensionOrder;
import io.surprisal.detector.onnx.ModelProto;
import io.surprisal.detector.onnx.NodeProto;
import io.surprisal.detector.onnx.ValueInfoProto;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What can go wrong: a bundle that breaks its contract serves all the same. */
class BundleTest {

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsWhatIsRead() {
        TinyBundle tiny = TinyBundle.rgb();
        Bundle bundle = Bundle.load(tiny.write(folder, "7"));
        assertThat(bundle.manifest().name()).isEqualTo("tiny-rgb");
        assertThat(bundle.manifest().version()).isEqualTo("7");
        assertThat(bundle.manifest().shape()).isEqualTo(tiny.model().shape());
        assertThat(bundle.manifest().levels()).isEqualTo(256);
        assertThat(bundle.manifest().hyperparameters()).containsEntry("stickiness", 0.1);
        assertThat(bundle.manifest().files()).containsOnlyKeys("model.onnx", "calibration.json", "golden.json");
        assertThat(bundle.model()).isEqualTo(tiny.model().onnx().toByteArray());
        assertThat(bundle.golden().images().count()).isEqualTo(3);
        assertThat(ManifestJson.read(ManifestJson.write(bundle.manifest()))).isEqualTo(bundle.manifest());
    }

    @Test
    void anOrderThatIsNotRasterIsWrittenWithEveryDimension() {
        BundleManifest whole = new BundleManifest(
                "orders",
                "1",
                "made",
                Map.of(),
                new ImageShape(1, 2, 2),
                2,
                DimensionOrder.of("shuffled by seed 5", new int[] {2, 0, 3, 1}),
                new SplitBits(1, 1, 1),
                new TrainingData("none", "0".repeat(64), "dynamic"),
                1,
                "surprisal-tests",
                Map.of());
        byte[] json = ManifestJson.write(whole);
        assertThat(ManifestJson.read(json)).isEqualTo(whole);
        assertThat(new String(json, UTF_8).replaceAll("\\s", ""))
                .contains("\"dimensionOrder\":\"shuffledbyseed5\",\"dimensions\":[2,0,3,1]");
    }

    @ParameterizedTest
    @EnumSource
    void noFaultyBundleServesAndTheMessageNamesTheClause(TinyFault fault) {
        TinyBundle.grey().write(folder, fault);
        assertThatThrownBy(() -> {
                    try (Detector detector = Detector.load(folder)) {
                        detector.replayGolden();
                    }
                })
                .asInstanceOf(type(BundleException.class))
                .satisfies(e -> assertThat(e.clause()).isEqualTo(fault.clause()))
                .satisfies(e -> assertThat(e.getMessage()).contains("expected ").contains(", found "));
    }

    @ParameterizedTest
    @EnumSource
    void whatCanBeSeenWithoutRunningTheModelIsSeenBeforeItRuns(TinyFault fault) {
        TinyBundle.grey().write(folder, fault);
        if (fault.needsTheModelToRun() || fault == TinyFault.NOT_RUNNABLE) {
            assertThat(Bundle.load(folder).manifest().name()).isEqualTo("tiny-grey");
        } else {
            assertThatThrownBy(() -> Bundle.load(folder)).isInstanceOf(BundleException.class);
        }
    }

    /** The graph of integers says so itself: nothing in a bundle can ask for more. */
    @ParameterizedTest
    @CsvSource({
        "false, 0.004, true",
        "false, 0.006, false",
        "true, 0.006, true",
        "true, 0.049, true",
        "true, 0.051, false"
    })
    void goldenImagesOfAModelThatRoundsToIntegersMayDifferByACode(boolean rounds, double nats, boolean replayed) {
        TinyModel tiny = TinyBundle.grey().model();
        try (OnnxDensityModel density = OnnxDensityModel.of(
                tiny.onnx().toByteArray(), tiny.shape(), tiny.levels(), SessionSettings.defaults())) {
            Levels images = tiny.sample(1, 3);
            double here = GoldenImages.of(density, images).nats().getFirst();
            GoldenImages written = new GoldenImages(images, List.of(here - nats));
            GoldenImages read = GoldenImages.read(written.toJson(), tiny.shape(), tiny.levels(), rounds);
            if (replayed) {
                read.replay(density);
            } else {
                assertThatThrownBy(() -> read.replay(density)).isInstanceOf(BundleException.class);
            }
        }
    }

    /** A log-ratio of nothing but the log-probabilities, so that what it must be is known. */
    @Test
    void theBackgroundOfGoldenImagesIsReplayedToo() {
        TinyModel tiny = TinyBundle.grey().model();
        Levels images = tiny.sample(2, 3);
        try (OnnxDensityModel without = OnnxDensityModel.of(
                        tiny.onnx().toByteArray(), tiny.shape(), tiny.levels(), SessionSettings.defaults());
                OnnxDensityModel with = OnnxDensityModel.of(
                        withBackground(tiny.onnx()), tiny.shape(), tiny.levels(), SessionSettings.defaults())) {
            GoldenImages golden = GoldenImages.of(with, images);
            assertThat(golden.backgroundNats()).isEqualTo(golden.nats());
            GoldenImages read = GoldenImages.read(golden.toJson(), tiny.shape(), tiny.levels(), false);
            assertThat(read.backgroundNats()).isEqualTo(golden.backgroundNats());
            read.replay(with);
            assertThatThrownBy(() -> read.replay(without))
                    .hasMessageContaining("background_log_ratio, found one without");
            GoldenImages other = new GoldenImages(
                    images,
                    golden.nats(),
                    golden.backgroundNats().stream().map(nats -> nats + 0.006).toList(),
                    GoldenImages.TOLERANCE_NATS);
            assertThatThrownBy(() -> other.replay(with)).hasMessageStartingWith("background of golden image 0");
            // What was written before there were backgrounds holds for a model that has one.
            new GoldenImages(images, golden.nats()).replay(with);
        }
    }

    private static byte[] withBackground(ModelProto model) {
        ModelProto.Builder all = model.toBuilder();
        ValueInfoProto logProb = model.getGraph().getOutputList().stream()
                .filter(output -> output.getName().equals("log_prob"))
                .findFirst()
                .orElseThrow();
        all.getGraphBuilder()
                .addNode(NodeProto.newBuilder()
                        .setOpType("Identity")
                        .addInput("log_prob")
                        .addOutput("background_log_ratio"))
                .addOutput(logProb.toBuilder().setName("background_log_ratio"));
        return all.build().toByteArray();
    }

    @Test
    void whetherAModelRoundsIsSeenInItsGraph() {
        TinyModel tiny = TinyBundle.grey().model();
        ModelProto floats = tiny.onnx();
        assertThat(ModelContract.check(floats.toByteArray(), tiny.shape()).rounds())
                .isFalse();
        ModelProto.Builder integers = floats.toBuilder();
        integers.getGraphBuilder()
                .addNode(NodeProto.newBuilder()
                        .setOpType("QuantizeLinear")
                        .addInput("x")
                        .addOutput("y"));
        assertThat(ModelContract.check(integers.build().toByteArray(), tiny.shape())
                        .rounds())
                .isTrue();
    }
}
