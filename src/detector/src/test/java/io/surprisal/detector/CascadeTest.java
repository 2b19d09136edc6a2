package io.surprisal.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.bundle.Bundle;
import io.surprisal.detector.bundle.BundleException;
import io.surprisal.detector.bundle.BundleWriter;
import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.CalibrationSource;
import io.surprisal.detector.calibration.Cascade;
import io.surprisal.detector.calibration.CascadeFit;
import io.surprisal.detector.calibration.PValue;
import io.surprisal.detector.calibration.Stage;
import io.surprisal.detector.calibration.TooFewCleanImagesException;
import io.surprisal.detector.calibration.UnknownStatisticException;
import io.surprisal.detector.cli.RatesInWords;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.onnx.ModelProto;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.statistic.BitsPerDimension;
import io.surprisal.detector.statistic.Combined;
import io.surprisal.detector.statistic.ImageConditionals;
import io.surprisal.detector.statistic.StandardisedSurprisal;
import io.surprisal.detector.verdict.Decision;
import io.surprisal.detector.verdict.StatisticResult;
import io.surprisal.detector.verdict.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CascadeTest {
    private static final TinyCascade TINY = TinyCascade.grey();
    private static final Decision AT_FIVE = new Decision(Combined.NAME, 0.05);

    @TempDir
    private static Path shared;

    @TempDir
    private Path own;

    private static Path folder;
    private static Detector detector;

    @BeforeAll
    static void load() {
        folder = TINY.write(shared.resolve("tiny-grey/1"), "1");
        detector = Detector.load(folder);
        detector.replayGolden();
    }

    @AfterAll
    static void close() {
        detector.close();
    }

    @Test
    void theModelSeesTheShareOfCleanImagesThatWasAskedFor() {
        Conditionals clean = detector.evaluate(TINY.bundle().clean(2000, 11));
        int seen = 0;
        for (int image = 0; image < clean.count(); image++) {
            seen += new ImageConditionals(clean, image).screened() ? 0 : 1;
        }
        // A tenth of 4,000 images cut: the share is good to a few hundredths.
        assertThat(seen / 2000.0).isCloseTo(TinyCascade.PASSED, within(0.06));
        assertThat(detector.cascade().orElseThrow().passed()).isCloseTo(seen / 2000.0, within(0.05));
    }

    @Test
    void falsePositivesOfTheWholeAreThoseAskedFor() {
        Conditionals clean = detector.evaluate(TINY.bundle().clean(4000, 12));
        for (String statistic : detector.ranks().names()) {
            for (double rate : new double[] {0.01, 0.05, 0.2, 0.5}) {
                long flagged = detector.judge(clean, new Decision(statistic, rate)).stream()
                        .filter(Verdict::flagged)
                        .count();
                // Three and a half deviations of 3,600 reference images and of 4,000 tried ones.
                double deviation = Math.sqrt(rate * (1 - rate) * (1 / 3600.0 + 1 / 4000.0));
                double slack = 3.5 * deviation + 1 / 3601.0;
                assertThat(flagged / 4000.0).as("%s at %s", statistic, rate).isLessThan(rate + slack);
                if (statistic.equals(Combined.NAME)) { // others have ties in images as small as these, and flag fewer
                    assertThat(flagged / 4000.0).as("at %s", rate).isGreaterThan(rate - slack);
                }
            }
        }
    }

    @Test
    void noiseIsFlaggedByTheScreenAlone() {
        Conditionals noise = detector.evaluate(TINY.bundle().noise(50, 13));
        assertThat(noise.screened()).containsOnly(true);
        assertThat(detector.judge(noise, AT_FIVE)).allSatisfy(verdict -> {
            assertThat(verdict.flagged()).isTrue();
            assertThat(verdict.assessment().screened()).isTrue();
            assertThat(verdict.reason()).startsWith("less typical than").doesNotContain("Infinity");
        });
    }

    @Test
    void aPValueIsTheShareOfCleanImagesOfLaterStagesAndOfOwnOnesAtLeastAsExtreme() {
        Cascade cascade = detector.cascade().orElseThrow();
        int column = detector.ranks().names().indexOf(BitsPerDimension.NAME);
        Cascade.StageScores reference = cascade.scores().get(column);
        Conditionals images = detector.evaluate(TINY.bundle().clean(300, 14));
        List<Verdict> verdicts = detector.judge(images, AT_FIVE);
        for (Verdict verdict : verdicts) {
            StatisticResult bits = verdict.assessment().statistics().get(column);
            boolean cleared = verdict.assessment().screened() && bits.pValue().value() > 0.1;
            int expected = cleared
                    ? reference.suspect().length
                            + reference.unsure().length
                            + atLeast(bits.value(), reference.cleared())
                    : verdict.assessment().screened()
                            ? atLeast(bits.value(), reference.suspect())
                            : reference.suspect().length + atLeast(bits.value(), reference.unsure());
            assertThat(bits.pValue().atLeastAsExtreme()).isEqualTo(expected);
            assertThat(bits.pValue().sampleSize()).isEqualTo(3600);
        }
        assertThat(verdicts)
                .anyMatch(v -> v.assessment().screened())
                .anyMatch(v -> !v.assessment().screened());
    }

    private static int atLeast(double value, double[] scores) {
        int count = 0;
        for (double score : scores) {
            count += score >= value ? 1 : 0;
        }
        return count;
    }

    @Test
    void aBatchIsJudgedAsItsImagesAloneWould() {
        Levels images = TINY.bundle().clean(60, 15);
        List<Verdict> together = detector.examine(images, AT_FIVE);
        for (int image = 0; image < images.count(); image++) {
            Verdict alone =
                    detector.examine(images.slice(image, image + 1), AT_FIVE).getFirst();
            assertThat(alone.assessment().screened())
                    .isEqualTo(together.get(image).assessment().screened());
            assertThat(alone.assessment().decisive())
                    .isEqualTo(together.get(image).assessment().decisive());
        }
    }

    @Test
    void onlyImagesThatTheScreenIsUnsureOfReachTheModel() {
        Bundle bundle = Bundle.load(folder);
        Bundle.Screen screen = bundle.screen().orElseThrow();
        Levels images = TINY.bundle().clean(100, 16);
        List<Integer> batches = new ArrayList<>();
        try (OnnxDensityModel model = open(bundle.model());
                ScreenedModel both = new ScreenedModel(
                        screen.cascade(),
                        open(screen.model()),
                        new WatchedModel(open(bundle.model()), batch -> batches.add(batch.count())))) {
            Conditionals conditionals = both.evaluate(images);
            int unsure = 0;
            for (int image = 0; image < images.count(); image++) {
                if (!new ImageConditionals(conditionals, image).screened()) {
                    unsure++;
                    Conditionals direct = model.evaluate(images.slice(image, image + 1));
                    assertThat(conditionals.slice(image, image + 1).logProb()).containsExactly(direct.logProb());
                    assertThat(conditionals.slice(image, image + 1).cdf()).containsExactly(direct.cdf());
                }
            }
            assertThat(batches).containsExactly(unsure);
        }
    }

    @Test
    void likelihoodsOfTheModelCanBeHadOfImagesThatTheScreenIsSureOf() {
        Levels images = TINY.bundle().noise(1, 17);
        Conditionals byModel = detector.evaluateByModel(images);
        assertThat(byModel.screened()).isNull();
        double nats = 0;
        for (float logProb : byModel.logProb()) {
            nats += logProb;
        }
        assertThat(nats).isCloseTo(TINY.bundle().model().nats(images, 0), within(1e-2));
    }

    @Test
    void theThresholdOfTheModelIsTheScoreWhereItsVerdictTurns() {
        double threshold = detector.threshold(AT_FIVE);
        assertThat(threshold).isFinite();
        Conditionals images = detector.evaluate(TINY.bundle().clean(1000, 18));
        assertThat(detector.judge(images, AT_FIVE))
                .filteredOn(verdict -> !verdict.assessment().screened())
                .isNotEmpty()
                .allSatisfy(verdict -> assertThat(verdict.flagged())
                        .isEqualTo(verdict.assessment().decisive().value() > threshold));
        // At half of all clean images, everything the model is asked about is flagged.
        assertThat(detector.threshold(AT_FIVE.withFalsePositiveRate(0.5))).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void aRateThatTheScreenUsesUpIsRefused() {
        double flagged = detector.cascade().orElseThrow().flagged();
        assertThat(flagged).isBetween(0.001, 0.01);
        detector.require(AT_FIVE.withFalsePositiveRate(0.01));
        Decision below = AT_FIVE.withFalsePositiveRate(flagged / 2);
        assertThatThrownBy(() -> detector.require(below))
                .isInstanceOf(TooFewCleanImagesException.class)
                .hasMessageContaining("leaves nothing for the model to flag");
        assertThat(RatesInWords.of(detector).getFirst()).contains("leaves nothing for the model to flag");
    }

    @Test
    void aScreenWithOtherOutputsThanTheModelIsRefused() {
        Path broken = TINY.write(own.resolve("tiny-grey/1"), "1");
        Bundle bundle = Bundle.load(broken);
        ModelProto.Builder screen = TINY.screen().onnx().toBuilder();
        screen.getGraphBuilder().removeOutput(3); // cdf
        Bundle.Screen other = new Bundle.Screen(
                screen.build().toByteArray(),
                bundle.screen().orElseThrow().cascade(),
                bundle.screen().orElseThrow().golden());
        BundleWriter.write(broken, bundle.manifest(), bundle.model(), bundle.golden(), other);
        assertThatThrownBy(() -> Bundle.load(broken))
                .isInstanceOf(BundleException.class)
                .hasMessageContaining("outputs of screen.onnx");
    }

    @Test
    void aScreenThatComputesSomethingElseFailsItsGoldenImages() {
        Path broken = TINY.write(own.resolve("tiny-grey/1"), "1");
        Bundle bundle = Bundle.load(broken);
        Bundle.Screen screen = bundle.screen().orElseThrow();
        BundleWriter.write(
                broken,
                bundle.manifest(),
                bundle.model(),
                bundle.golden(),
                new Bundle.Screen(bundle.model(), screen.cascade(), screen.golden()));
        try (Detector other = Detector.load(broken)) {
            assertThatThrownBy(other::replayGolden)
                    .isInstanceOf(BundleException.class)
                    .hasMessageContaining("golden image");
        }
    }

    @Test
    void withoutItsScreenABundleJudgesByTheModelAlone() {
        Bundle bundle = Bundle.load(folder);
        try (Detector alone = Detector.of(bundle, open(bundle.model()))) {
            assertThat(alone.cascade()).isEmpty();
            PValue pValue = alone.examine(TINY.bundle().clean(1, 19), AT_FIVE)
                    .getFirst()
                    .assessment()
                    .decisive()
                    .pValue();
            assertThat(pValue.sampleSize()).isEqualTo(4000);
        }
    }

    @Property
    void placesKeepTheOrderOfScoresInsideTheirStage(
            @ForAll @DoubleRange(min = -1e4, max = 1e4) double one,
            @ForAll @DoubleRange(min = -1e4, max = 1e4) double other) {
        for (Stage stage : Stage.values()) {
            assertThat(Double.compare(stage.place(one), stage.place(other)) <= 0)
                    .isEqualTo(one <= other || stage.place(one) == stage.place(other));
            assertThat(stage.place(one)).isBetween((double) stage.ordinal(), stage.ordinal() + 1.0);
            assertThat(stage.score(stage.place(one))).isCloseTo(one, within(1e-6 * (1 + one * one)));
        }
        assertThat(Stage.CLEARED.place(one)).isLessThan(Stage.UNSURE.place(other));
        assertThat(Stage.UNSURE.place(one)).isLessThan(Stage.SUSPECT.place(other));
    }

    @Test
    void aScreenThatLacksAFileIsRefused() throws IOException {
        Path broken = TINY.write(own.resolve("tiny-grey/1"), "1");
        String manifest = Files.readString(broken.resolve("bundle.json"));
        Files.writeString(
                broken.resolve("bundle.json"), manifest.replaceAll(",\\s*\"screen-golden.json\" : \"[0-9a-f]+\"", ""));
        assertThatThrownBy(() -> Bundle.load(broken))
                .isInstanceOf(BundleException.class)
                .hasMessageContaining("screen-golden.json");
    }

    @Test
    void aScreenThatWasExchangedIsRefused() throws IOException {
        Path broken = TINY.write(own.resolve("tiny-grey/1"), "1");
        Files.write(broken.resolve("screen.onnx"), TINY.bundle().model().onnx().toByteArray());
        assertThatThrownBy(() -> Bundle.load(broken))
                .isInstanceOf(BundleException.class)
                .hasMessageContaining("SHA-256 of screen.onnx");
    }

    @Test
    void aCascadeIsReadAsItWasWritten() {
        Bundle bundle = Bundle.load(folder);
        Cascade cascade = bundle.screen().orElseThrow().cascade();
        Cascade again = Cascade.fromJson(cascade.toJson(), bundle.calibration());
        assertThat(again.route()).isEqualTo(cascade.route());
        for (String name : cascade.whole().names()) {
            assertThat(again.whole().of(name).toArray())
                    .containsExactly(cascade.whole().of(name).toArray());
        }
    }

    @Test
    void aCascadeWithoutRoomBetweenItsScoresIsRefused() {
        Bundle bundle = Bundle.load(folder);
        String json = new String(bundle.screen().orElseThrow().cascade().toJson(), StandardCharsets.UTF_8);
        byte[] turned = json.replaceAll("\"suspect\" : [-0-9.E]+,", "\"suspect\" : -1e9,")
                .getBytes(StandardCharsets.UTF_8);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cascade.fromJson(turned, bundle.calibration()))
                .withMessageContaining("cleared up to the one and suspect above the other");
    }

    @Test
    void aFitNeedsSharesThatLeaveTheScreenSomethingAndAStatisticOfIt() {
        Levels clean = TINY.bundle().clean(100, 20);
        CalibrationSource source = CalibrationSource.of("samples", clean);
        try (OnnxDensityModel model = open(TINY.screen().onnx().toByteArray())) {
            Calibration calibration = Calibration.fit(model, clean, source);
            CascadeFit fit = new CascadeFit(calibration, calibration.statistics());
            fit.add(model.evaluate(clean), model.evaluate(clean));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> fit.cascade(source, Combined.NAME, 0.99, 0.01))
                    .withMessageContaining("found 0.99 and 0.01");
            assertThatThrownBy(() -> fit.cascade(source, "mood", 0.2, 0)).isInstanceOf(UnknownStatisticException.class);
            Cascade cascade = fit.cascade(source, StandardisedSurprisal.NAME, 0.2, 0);
            assertThat(cascade.scores().getFirst().suspect()).isEmpty();
            assertThat(cascade.route().suspect()).isEqualTo(Double.MAX_VALUE);
        }
    }

    private static OnnxDensityModel open(byte[] onnx) {
        return OnnxDensityModel.of(onnx, TINY.screen().shape(), TINY.screen().levels(), SessionSettings.defaults());
    }
}
