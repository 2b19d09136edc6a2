package io.surprisal.detector.bundle;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.surprisal.detector.bundle.BundleManifest.SplitBits;
import io.surprisal.detector.bundle.BundleManifest.TrainingData;
import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.CalibrationSource;
import io.surprisal.detector.calibration.Cascade;
import io.surprisal.detector.calibration.CascadeFit;
import io.surprisal.detector.calibration.ReferenceScores;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.likelihood.DimensionOrder;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.verdict.Decision;
import io.surprisal.detector.verdict.Judge;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/** What can go wrong: JSON of a bundle ends in another exception than a refusal, or is taken for good and fails when it is needed. */
class BundleJsonFuzzTest {
    private static final Conditionals IMAGE = HostileBundles.evaluated(1, 2);

    private static final Calibration OWN = calibration(HostileBundles.evaluated(20, 1));

    private static Calibration calibration(Conditionals clean) {
        return Calibration.fit(List.of(clean), CalibrationSource.of("samples", clean.images()));
    }

    private static Cascade cascade(Calibration calibration, Conditionals clean) {
        CascadeFit fit = new CascadeFit(calibration, calibration.statistics());
        fit.add(clean, clean);
        return fit.cascade(calibration.source(), calibration.names().getFirst(), 0.5, 0);
    }

    static List<byte[]> seeds() {
        Conditionals clean = HostileBundles.evaluated(20, 1);
        Calibration calibration = calibration(clean);
        return List.of(
                ManifestJson.write(manifest(BundleManifest.RASTER, null)),
                ManifestJson.write(manifest(DimensionOrder.of("shuffled", new int[] {2, 0, 3, 1}), "dynamic")),
                calibration.toJson(),
                weighted(calibration).toJson(),
                cascade(calibration, clean).toJson(),
                new GoldenImages(IMAGE.images(), List.of(-20.5)).toJson());
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "8s")
    void anyBytesAreRefusedOrHoldWhenTheyAreNeeded(byte[] json) {
        HostileBundles.examine(
                () -> ManifestJson.read(json),
                manifest -> assertThat(ManifestJson.read(ManifestJson.write(manifest)))
                        .isEqualTo(manifest));
        HostileBundles.examine(() -> fed(Calibration.fromJson(json)), BundleJsonFuzzTest::judges);
        HostileBundles.examine(() -> fed(Cascade.fromJson(json, OWN)), cascade -> {
            Judge judge = new Judge(cascade);
            for (String statistic : cascade.whole().names()) {
                assertThat(judge.judge(IMAGE, new Decision(statistic, Math.nextDown(1.0))))
                        .hasSize(1);
            }
        });
        HostileBundles.examine(
                () -> GoldenImages.read(json, HostileBundles.MODEL.shape(), HostileBundles.MODEL.levels(), false),
                golden -> assertThat(golden.nats())
                        .isNotEmpty()
                        .hasSize(golden.images().count()));
    }

    private static Calibration weighted(Calibration calibration) {
        ReferenceScores scores = ReferenceScores.weighted(new double[] {1, 2}, new int[] {3, 1}, 2, 0.01);
        return calibration.ranked(
                calibration.source(), calibration.names().stream().collect(toMap(name -> name, name -> scores)));
    }

    /** As {@link Bundle} does: a statistic may not read what the model does not give. */
    private static Calibration fed(Calibration calibration) {
        if (!OWN.names().containsAll(calibration.names())) {
            throw new IllegalArgumentException("expected some of " + OWN.names() + ", found " + calibration.names());
        }
        Bundle.requireInputs(OWN.names(), calibration.statistics());
        return calibration;
    }

    private static Cascade fed(Cascade cascade) {
        Bundle.requireInputs(OWN.names(), cascade.screenStatistics());
        return cascade;
    }

    private static void judges(Calibration calibration) {
        Judge judge = new Judge(calibration);
        for (String statistic : calibration.names()) {
            // Whatever share counts as above all scores, some rate is reached.
            assertThat(judge.judge(IMAGE, new Decision(statistic, Math.nextDown(1.0))))
                    .hasSize(1);
        }
    }

    private static BundleManifest manifest(DimensionOrder order, @Nullable String binarised) {
        return new BundleManifest(
                "tiny",
                "1",
                "made",
                Map.of("hidden", 12, "dilations", List.of(1, 2), "weight decay", 0.1),
                new ImageShape(1, 2, 2),
                2,
                order,
                new SplitBits(1, 1.5, 2),
                new TrainingData("none", "0".repeat(64), binarised),
                1,
                "surprisal-tests",
                Map.of("model.onnx", "0".repeat(64)));
    }
}
