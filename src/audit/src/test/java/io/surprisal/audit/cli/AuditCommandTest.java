package io.surprisal.audit.cli;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.surprisal.detector.Detector;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.TinyCascade;
import io.surprisal.detector.verdict.StatisticResult;
import io.surprisal.detector.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong in a long run over files nobody has looked at: broken ones, a kill, a second run, somebody else's table. */
class AuditCommandTest {
    private static final TinyBundle TINY = TinyBundle.grey();

    @TempDir
    private static Path bundle;

    @TempDir
    private Path folder;

    private Path images = Path.of("");
    private Path table = Path.of("");

    @BeforeAll
    static void writeTheBundle() {
        TINY.write(bundle);
    }

    @BeforeEach
    void nameTheFolders() {
        images = folder.resolve("images");
        table = folder.resolve("table");
    }

    @Test
    void everyImageHasTheVerdictOfTheDetectorToTheLastBit() throws IOException {
        Map<String, byte[]> files = write(50, 8);

        assertThat(audit()).isEqualTo(1);

        Map<String, Row> rows = rows();
        assertThat(rows.keySet()).isEqualTo(files.keySet());
        try (Detector detector = Detector.load(bundle)) {
            rows.forEach((path, row) -> {
                Verdict verdict = detector.examine(List.of(files.get(path))).getFirst();
                assertThat(row.<Object>getAs("error")).isNull();
                assertThat(row.<Boolean>getAs("flagged")).isEqualTo(verdict.flagged());
                assertThat(row.<String>getAs("reason")).isEqualTo(verdict.reason());
                assertThat(row.<Double>getAs("log_likelihood_nats"))
                        .isEqualTo(verdict.assessment().logLikelihood().nats());
                assertThat(row.<Double>getAs("p_value"))
                        .isEqualTo(verdict.assessment().decisive().pValue().value());
                Map<String, Row> statistics = row.getJavaMap(row.fieldIndex("statistics"));
                for (StatisticResult result : verdict.assessment().statistics()) {
                    assertThat(statistics.get(result.name()))
                            .isEqualTo(RowFactory.create(
                                    result.value(), result.pValue().value()));
                }
            });
        }
    }

    @Test
    void aFileThatCannotBeJudgedIsARowWithItsError() throws IOException {
        write(20, 0);
        Files.writeString(images.resolve("text.png"), "no image");
        Files.write(images.resolve("large.png"), TinyBundle.png(TinyBundle.rgb().clean(1, 1), 0));
        Files.createFile(images.resolve("empty.jpg"));
        Files.writeString(images.resolve("notes.txt"), "not listed");
        Files.createDirectories(images.resolve(".hidden"));
        Files.writeString(images.resolve(".hidden/other.png"), "not listed");
        Files.createSymbolicLink(images.resolve("gone.png"), images.resolve("nothing.png"));
        Files.createSymbolicLink(images.resolve("loop"), images);

        assertThat(audit()).isEqualTo(2);

        Map<String, Row> rows = rows();
        assertThat(rows).hasSize(24);
        assertThat(error(rows, "text.png")).contains("expected PNG or JPEG");
        assertThat(error(rows, "large.png")).contains("6×5");
        assertThat(error(rows, "gone.png")).contains("expected a file that can be read");
        assertThat(error(rows, "empty.jpg")).contains("expected");
        assertThat(rows.values())
                .allSatisfy(row -> assertThat(row.getAs("error") == null).isEqualTo(row.getAs("flagged") != null));
        assertThat(rows.values().stream().filter(row -> row.getAs("error") == null))
                .hasSize(20);
    }

    @Test
    void namesThatLookLikeUrisAreFiles() throws IOException {
        write(2, 0);
        for (String name : List.of("_DSC0001.png", "a:b.png", "with space.png", "100%25.png", "ü#?.png")) {
            Files.write(images.resolve(name), TinyBundle.png(TINY.clean(1, 9), 0));
        }

        assertThat(audit()).isLessThan(2);

        assertThat(rows()).containsKeys("_DSC0001.png", "a:b.png", "with space.png", "100%25.png", "ü#?.png");
    }

    @Test
    void aSecondRunJudgesOnlyWhatIsNew() throws IOException {
        write(30, 0);
        audit();
        List<Path> first = parts();
        Files.write(images.resolve("new.png"), TinyBundle.png(TINY.noise(1, 3), 0));

        audit();

        assertThat(parts()).containsAll(first).hasSize(first.size() + 1);
        assertThat(rows()).hasSize(31).containsKey("new.png");
    }

    @Test
    void aTableOfBeforeThereWereScreensIsTakenUp() throws IOException {
        write(20, 0);
        audit();
        TableOfBefore.make(table);
        List<Path> before = parts();
        Files.write(images.resolve("new.png"), TinyBundle.png(TINY.noise(1, 3), 0));

        assertThat(audit("--check")).isEqualTo(1);

        assertThat(parts()).containsAll(before).hasSize(before.size() + 1);
        assertThat(rows()).hasSize(21).containsKey("new.png");
    }

    @Test
    void rowsOfACascadeSayWhetherTheScreenDecidedAndThoseOfOneModelDoNot() throws IOException {
        Map<String, byte[]> files = write(40, 2);
        audit();
        assertThat(rows().values())
                .allSatisfy(row -> assertThat(row.<Object>getAs("screened")).isNull());

        Path cascade = TinyCascade.grey().write(folder.resolve("tiny-grey/1"), "1");
        table = folder.resolve("cascade-table");
        assertThat(AuditCommand.run(
                        "--input", images.toString(), "--output", table.toString(), "--model", cascade.toString()))
                .isEqualTo(1);

        Map<String, Row> rows = rows();
        try (Detector detector = Detector.load(cascade)) {
            rows.forEach((path, row) -> assertThat(row.<Boolean>getAs("screened"))
                    .isEqualTo(detector.examine(List.of(files.get(path)))
                            .getFirst()
                            .assessment()
                            .screened()));
        }
        assertThat(rows.values().stream().map(row -> row.<Boolean>getAs("screened")))
                .contains(true, false);
    }

    @Test
    void whatAKilledRunLeftIsNeitherLostNorDoubled() throws Exception {
        Map<String, byte[]> files = write(3000, 20);
        Process run = start("--commit-every", "100", "--batch", "4");
        while (run.isAlive() && !Files.exists(table.resolve("_SUCCESS")) && parts().size() < 40) {
            Thread.onSpinWait();
        }
        assertThat(run.destroyForcibly().waitFor()).isEqualTo(128 + 9);
        assertThat(parts()).hasSizeGreaterThanOrEqualTo(40);
        assertThat(table.resolve("_SUCCESS")).doesNotExist();

        audit();

        assertThat(table.resolve("_SUCCESS")).exists();
        assertThat(rows().keySet()).isEqualTo(files.keySet());
    }

    @Test
    void aTaskThatWasDoneButNotCommittedIsDoneAgainAndNotAdded() throws IOException {
        write(10, 0);
        audit("--commit-every", "5");
        Path left = table.resolve("_temporary/0/task_202601010000000000000000000_0000_m_000000");
        Files.createDirectories(left);
        Path part = parts().getFirst();
        Files.copy(part, left.resolve("part-left.parquet"));
        Files.write(images.resolve("new.png"), TinyBundle.png(TINY.clean(1, 3), 0));

        audit();

        assertThat(rows()).hasSize(11);
    }

    @Test
    void theTableOfAnotherDecisionIsRefused() throws IOException {
        write(3, 0);
        audit();

        assertThat(audit("--statistic", "typicality")).isEqualTo(2);
        assertThat(rows()).hasSize(3);
        assertThat(table.resolve("_SUCCESS")).exists();
    }

    @Test
    void theTableOfAnotherFolderIsRefusedThoughItsFilesHaveTheSameNames() throws IOException {
        write(3, 0);
        audit();
        Path other = folder.resolve("other");
        Files.move(images, other);
        images = other;

        assertThat(audit()).isEqualTo(2);
    }

    @Test
    void whatAnotherJobHasWrittenIsRefusedAndLeftAlone() throws IOException {
        write(3, 0);
        try (SparkSession spark = LocalSpark.orSubmitted()) {
            spark.range(3).write().parquet(table.toString());
        }
        Files.createDirectories(table.resolve("_temporary/0"));
        Files.createFile(table.resolve("_SUCCESS"));

        assertThat(audit()).isEqualTo(2);
        assertThat(table.resolve("_temporary/0")).exists();
        assertThat(table.resolve("_SUCCESS")).exists();
    }

    @Test
    void aFolderThatIsNoTableIsRefusedAndLeftAlone() throws IOException {
        write(3, 0);
        Files.createDirectories(table);
        Files.writeString(table.resolve("thesis.txt"), "years of work");

        assertThat(audit()).isEqualTo(2);
        assertThat(table.resolve("thesis.txt")).exists();
    }

    @Test
    void aFolderThatIsNotThereOrHasNoImagesIsRefused() throws IOException {
        assertThat(audit()).isEqualTo(2);
        Files.createDirectories(images);
        assertThat(audit()).isEqualTo(2);
        assertThat(table).doesNotExist();
    }

    @Test
    void theLoopWithoutSparkAgrees() throws IOException {
        write(40, 3);

        assertThat(audit("--check")).isEqualTo(1); // and not 2: no row differs
    }

    /** Clean images, then noise, in subfolders; their files by path. */
    private Map<String, byte[]> write(int clean, int noise) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        var accepted = TINY.clean(clean, 5);
        for (int i = 0; i < clean; i++) {
            files.put("clean/%d/%d.png".formatted(i % 3, i), TinyBundle.png(accepted, i));
        }
        var flagged = TINY.noise(noise + 1, 6);
        for (int i = 0; i < noise; i++) {
            files.put("noise/%d.PNG".formatted(i), TinyBundle.png(flagged, i));
        }
        for (var file : files.entrySet()) {
            Path path = images.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        return files;
    }

    private String[] arguments(String... more) {
        return Stream.concat(
                        Stream.of(
                                "--input",
                                images.toString(),
                                "--output",
                                table.toString(),
                                "--model",
                                bundle.toString()),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private int audit(String... more) {
        return AuditCommand.run(arguments(more));
    }

    private Process start(String... more) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + Path.of("jvm.options").toAbsolutePath());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), AuditCommand.class.getName()));
        command.addAll(List.of(arguments(more)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private List<Path> parts() throws IOException {
        if (!Files.isDirectory(table)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(table)) {
            return files.filter(file -> file.toString().endsWith(".parquet")).toList();
        }
    }

    /** The table as any reader sees it; a path that is there twice fails. */
    private Map<String, Row> rows() throws IOException {
        try (SparkSession spark = LocalSpark.orSubmitted()) {
            return spark.read().parquet(table.toString()).collectAsList().stream()
                    .collect(toMap(row -> row.<String>getAs("path"), row -> row));
        }
    }

    private static String error(Map<String, Row> rows, String path) {
        Row row = rows.get(path);
        assertThat(row).isNotNull();
        return row.getAs("error");
    }
}
