package io.surprisal.detector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.TinyFault;
import io.surprisal.detector.quantise.Levels;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What can go wrong: a script takes an error for an accepted image. */
class ScoreCommandTest {

    private static final TinyBundle TINY = TinyBundle.grey();

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String model = "";
    private String clean = "";
    private String noise = "";

    @BeforeEach
    void writeBundleAndImages() throws IOException {
        model = TINY.write(folder.resolve("models/tiny/2")).toString();
        // The most ordinary of a few samples: seed 51 is accepted by every statistic at 5 %.
        clean = write("clean.png", TINY.clean(1, 51));
        noise = write("noise.png", TINY.noise(1, 52));
    }

    @Test
    void theStatusIsZeroWhenEveryImageIsAccepted() {
        assertThat(score("--model", model, clean)).isZero();
        assertThat(out.toString().lines())
                .hasSize(2)
                .first()
                .asString()
                .matches("FILE +VERDICT +BITS/DIM +P-VALUE +REASON");
        assertThat(out.toString()).containsPattern("clean.png +accepted +\\d\\.\\d{3} +0\\.\\d{4} +\\d+\\.\\d % of");
    }

    @Test
    void theStatusIsOneWhenAnImageIsFlagged() {
        assertThat(score("--model", model, clean, noise)).isEqualTo(1);
        assertThat(out.toString()).containsPattern("noise.png +flagged +.* less typical than all 200 clean images");
    }

    @Test
    void theStatusIsTwoWhenAFileCannotBeReadAndTheOthersAreScoredAllTheSame() throws IOException {
        Path text = Files.writeString(folder.resolve("text.png"), "not an image");
        assertThat(score("--model", model, text.toString(), "nowhere.png", folder.toString(), noise))
                .isEqualTo(2);
        assertThat(out.toString())
                .containsPattern("text.png +error +- +- +expected PNG or JPEG, found")
                .containsPattern("nowhere.png +error +- +- +expected a file, found nothing")
                .contains("expected a file, found a folder")
                .containsPattern("noise.png +flagged");
    }

    @Test
    void jsonHasTheFieldsOfTheService() throws IOException {
        assertThat(score(
                        "--json",
                        "--statistic",
                        "bits-per-dimension",
                        "--fpr",
                        "0.05",
                        "-m",
                        model,
                        noise,
                        "nowhere.png"))
                .isEqualTo(2);
        JsonNode root = new ObjectMapper().readTree(out.toString());
        assertThat(root.get("model").textValue()).isEqualTo("tiny-grey");
        JsonNode flagged = root.get("verdicts").get(0);
        List<String> fields = new ArrayList<>();
        flagged.fieldNames().forEachRemaining(fields::add);
        assertThat(fields)
                .containsExactly(
                        "file",
                        "flagged",
                        "reason",
                        "bitsPerDimension",
                        "logLikelihoodNats",
                        "pValue",
                        "falsePositiveRate",
                        "screened",
                        "statistics");
        assertThat(flagged.get("flagged").booleanValue()).isTrue();
        assertThat(flagged.get("falsePositiveRate").doubleValue()).isEqualTo(0.05);
        assertThat(flagged.get("pValue").doubleValue()).isEqualTo(1 / 401.0);
        assertThat(flagged.get("statistics")).hasSize(14);
        assertThat(root.get("verdicts").get(1).get("error").textValue()).isEqualTo("expected a file, found nothing");
    }

    @Test
    void ofAFolderOfVersionsTheNewestIsTaken() throws IOException {
        TINY.write(folder.resolve("models/tiny/10"), "10");
        TINY.write(folder.resolve("models/tiny/9"), "9");
        assertThat(score("--json", "--model", folder.resolve("models/tiny").toString(), clean))
                .isZero();
        assertThat(new ObjectMapper().readTree(out.toString()).get("version").textValue())
                .isEqualTo("10");
    }

    @Test
    void aBundleThatBreaksItsContractScoresNothing() {
        Path broken = folder.resolve("broken");
        TINY.write(broken, TinyFault.BYTE_CHANGED);
        assertThat(score("--model", broken.toString(), clean)).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("cannot be used. SHA-256 of model.onnx: expected ");
    }

    @Test
    void aModelThatIsNotThereIsAnError() {
        assertThat(score("--model", "no-such-model", clean)).isEqualTo(2);
        assertThat(err.toString())
                .contains("model no-such-model cannot be used. folder of the model: expected a bundle.json");
    }

    @Test
    void argumentsThatMakeNoDecisionAreUsageErrors() {
        assertThat(score("--model", model)).isEqualTo(2);
        assertThat(score("--model", model, "--statistic", "magic", clean)).isEqualTo(2);
        assertThat(err.toString()).contains("expected one of the calibrated statistics bits-per-dimension, ");
        assertThat(score("--model", model, "--fpr", "0.0001", clean)).isEqualTo(2);
        assertThat(err.toString()).contains("needs at least 9999 clean reference scores, found 200");
        assertThat(score("--model", model, "--fpr", "2", clean)).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    private int score(String... arguments) {
        return new CommandLine(new ScoreCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private String write(String name, Levels image) throws IOException {
        return Files.write(folder.resolve(name), TinyBundle.png(image, 0)).toString();
    }
}
