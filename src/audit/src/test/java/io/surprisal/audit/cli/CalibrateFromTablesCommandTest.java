package io.surprisal.audit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surprisal.audit.AuditException;
import io.surprisal.audit.TableCalibration;
import io.surprisal.detector.Detector;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.bundle.Bundle;
import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.CalibrationSource;
import io.surprisal.detector.calibration.ReferenceScores;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.verdict.Decision;
import io.surprisal.detector.verdict.StatisticResult;
import io.surprisal.detector.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong: ranks among other images than those of the tables, or among scores that mean something else. */
class CalibrateFromTablesCommandTest {
    private static final TinyBundle TINY = TinyBundle.grey();

    @TempDir
    private Path folder;

    private Path bundle = Path.of("");

    @BeforeEach
    void writeTheBundle() {
        bundle = TINY.write(folder.resolve("bundle"));
    }

    @Test
    void verdictsAreThoseOfAPlainCalibrationOnTheSameImages() throws IOException {
        Levels clean = TINY.clean(300, 5);
        Path first = audit("first", clean, 0, 120);
        Path second = audit("second", clean, 120, 300);
        Path target = folder.resolve("target");

        assertThat(calibrate("--from", first.toString(), "--from", second.toString(), "--output", target.toString()))
                .isZero();

        try (Detector old = Detector.load(bundle);
                Detector renewed = Detector.load(target)) {
            renewed.replayGolden();
            assertThat(renewed.calibration().source().images()).isEqualTo(300);
            assertThat(renewed.calibration().source().name()).isEqualTo("images audited in first, second");
            // The same parameters, and all images as reference scores.
            assertThat(renewed.calibration().statistics())
                    .isEqualTo(old.calibration().statistics());
            Calibration plain = plain(old, clean);
            Conditionals fresh = old.evaluate(Levels.concat(List.of(TINY.clean(60, 6), TINY.noise(5, 7))));
            Decision decision = renewed.defaultDecision();
            int flagged = 0;
            for (Verdict verdict : renewed.judge(fresh, decision)) {
                for (StatisticResult result : verdict.assessment().statistics()) {
                    assertThat(result.pValue())
                            .isEqualTo(plain.of(result.name()).pValue(result.value()));
                }
                flagged += verdict.flagged() ? 1 : 0;
            }
            assertThat(flagged).isBetween(5, 12);
        }
    }

    @Test
    void flaggedImagesAreCleanOrElseMoreExtremeThanAllOthers() throws IOException {
        Path table = audit("table", Levels.concat(List.of(TINY.clean(300, 5), TINY.noise(20, 6))), 0, 320);
        Path target = folder.resolve("target");

        assertThat(calibrate("--from", table.toString(), "--accepted", "--output", target.toString()))
                .isZero();
        Calibration accepted = Bundle.load(target).calibration();
        assertThat(calibrate("--from", table.toString(), "--output", target.toString()))
                .isZero();
        Calibration all = Bundle.load(target).calibration();

        assertThat(accepted.source().name())
                .isEqualTo("images audited in table, the flagged ones as more extreme than all others");
        assertThat(accepted.source().sha256()).isEqualTo(all.source().sha256());
        for (String statistic : all.names()) {
            ReferenceScores references = accepted.of(statistic);
            assertThat(references.size()).isEqualTo(320);
            assertThat(references.above()).isBetween(20, 30); // the noise, and whatever clean ones were flagged
            assertThat(all.of(statistic).size()).isEqualTo(320);
            assertThat(all.of(statistic).above()).isZero();
            // Whichever of the flagged were clean, no p-value is smaller than among all.
            for (double score : all.of(statistic).toArray()) {
                assertThat(references.pValue(score).value())
                        .isGreaterThanOrEqualTo(all.of(statistic).pValue(score).value());
            }
        }
    }

    @Test
    void aTableOfBeforeThereWereScreensCountsLikeOneOfToday() throws IOException {
        Levels clean = TINY.clean(300, 5);
        Path first = audit("first", clean, 0, 120);
        Path second = audit("second", clean, 120, 300);
        assertThat(calibrate(
                        "--from",
                        first.toString(),
                        "--from",
                        second.toString(),
                        "--output",
                        folder.resolve("today").toString()))
                .isZero();
        TableOfBefore.make(first);

        assertThat(calibrate(
                        "--from",
                        first.toString(),
                        "--from",
                        second.toString(),
                        "--output",
                        folder.resolve("before").toString()))
                .isZero();

        Calibration today = Bundle.load(folder.resolve("today")).calibration();
        Calibration before = Bundle.load(folder.resolve("before")).calibration();
        assertThat(before.source().images()).isEqualTo(300);
        for (String statistic : today.names()) {
            assertThat(before.of(statistic).toArray())
                    .containsExactly(today.of(statistic).toArray());
        }
    }

    @Test
    void rowsWithoutAVerdictArePassedOverAndCounted() throws IOException {
        Files.createDirectories(folder.resolve("images-table"));
        Files.writeString(folder.resolve("images-table/text.png"), "no image");
        Path table = audit("table", TINY.clean(100, 5), 0, 100);

        try (SparkSession spark = LocalSpark.orSubmitted()) {
            TableCalibration.Result result = new TableCalibration(spark, bundle).of(List.of(table.toString()), false);
            assertThat(result.errors()).isEqualTo(1);
            assertThat(result.images()).isEqualTo(100);
            assertThat(result.calibration().references())
                    .allSatisfy(references -> assertThat(references.size()).isEqualTo(100));
        }
    }

    @Test
    void theBundleItselfIsRenewedWhereNoOtherIsNamed() throws IOException {
        Path table = audit("table", TINY.clean(120, 5), 0, 120);

        assertThat(calibrate("--from", table.toString())).isZero();

        assertThat(Bundle.load(bundle).calibration().source().images()).isEqualTo(120);
        // It is another bundle from now on: what the old one judged is not taken for what this one would say.
        assertThat(calibrate("--from", table.toString())).isEqualTo(2);
    }

    @Test
    void verdictsOfAnotherVersionAreRefusedWithWhatWasExpectedAndFound() throws IOException {
        Path table = audit("table", TINY.clean(10, 5), 0, 10);
        TINY.write(bundle, "2");
        List<String> before = contents();

        assertThat(calibrate("--from", table.toString())).isEqualTo(2);

        assertThat(contents()).isEqualTo(before);
        refused(table)
                .hasMessageMatching(
                        ".*expected rows of model, version and SHA-256 of bundle.json \\[tiny-grey,2,\\p{XDigit}{64}],"
                                + " found \\[tiny-grey,1,\\p{XDigit}{64}]");
    }

    @Test
    void aTableThatIsNotWholeIsRefusedSinceItsImagesAreTheFirstByName() throws IOException {
        Path table = audit("table", TINY.clean(10, 5), 0, 10);
        Files.delete(table.resolve("_SUCCESS"));

        refused(table).hasMessageContaining("expected a table that is whole");
    }

    @Test
    void whatIsNoTableIsRefused() throws IOException {
        refused(folder.resolve("nothing")).hasMessageContaining("expected a table that ./surprisal score wrote");
        Path other = folder.resolve("other");
        try (SparkSession spark = LocalSpark.orSubmitted()) {
            spark.range(3).write().parquet(other.toString());
        }
        refused(other).hasMessageContaining("expected a table with the columns [path, error");
    }

    @Test
    void noTableCountsTwice() throws IOException {
        Path table = audit("table", TINY.clean(10, 5), 0, 10);

        assertThat(calibrate(
                        "--from",
                        table.toString(),
                        "--from",
                        folder.resolve("./table").toString()))
                .isEqualTo(2);
    }

    @Test
    void fewerThanTwoImagesAreNoCalibration() throws IOException {
        Path table = audit("table", TINY.clean(1, 5), 0, 1);

        refused(table)
                .hasMessageContaining("expected 2 to 2147483646 images that were judged, found 1 and 0 rows with");
    }

    private AbstractThrowableAssert<?, ?> refused(Path table) throws IOException {
        try (SparkSession spark = LocalSpark.orSubmitted()) {
            TableCalibration calibration = new TableCalibration(spark, bundle);
            return assertThatThrownBy(() -> calibration.of(List.of(table.toString()), false))
                    .isInstanceOf(AuditException.class);
        }
    }

    private List<String> contents() throws IOException {
        List<String> contents = new ArrayList<>();
        for (String name : List.of("bundle.json", "calibration.json", "golden.json")) {
            contents.add(Files.readString(bundle.resolve(name)));
        }
        return contents;
    }

    /** All that the images score by each statistic, with the parameters of a detector's calibration. */
    private static Calibration plain(Detector detector, Levels images) {
        Conditionals evaluated = detector.evaluate(images);
        List<double[]> rows = IntStream.range(0, images.count())
                .mapToObj(image ->
                        detector.calibration().panel().of(evaluated, image).scores())
                .toList();
        Map<String, ReferenceScores> scores = new LinkedHashMap<>();
        List<String> names = detector.calibration().names();
        for (int i = 0; i < names.size(); i++) {
            int place = i;
            scores.put(
                    names.get(i),
                    ReferenceScores.of(
                            rows.stream().mapToDouble(row -> row[place]).toArray()));
        }
        return detector.calibration().ranked(CalibrationSource.of("plain", images), scores);
    }

    private Path audit(String name, Levels images, int from, int to) throws IOException {
        Path input = Files.createDirectories(folder.resolve("images-" + name));
        for (int i = from; i < to; i++) {
            Files.write(input.resolve(i + ".png"), TinyBundle.png(images, i));
        }
        Path table = folder.resolve(name);
        AuditCommand.run("--input", input.toString(), "--output", table.toString(), "--model", bundle.toString());
        return table;
    }

    private int calibrate(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--model", bundle.toString()));
        return CalibrateFromTablesCommand.run(all.toArray(String[]::new));
    }
}
