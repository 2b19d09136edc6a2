package io.surprisal.training.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.detector.Detector;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.onnx.GraphProto;
import io.surprisal.detector.onnx.ModelProto;
import io.surprisal.detector.onnx.NodeProto;
import io.surprisal.detector.onnx.ValueInfoProto;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.verdict.Decision;
import io.surprisal.detector.verdict.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that nobody here wrote: {@code model.onnx} and {@code bundle.json}, and one command. */
class ModelFromElsewhereTest {
    private static final TinyBundle TINY = TinyBundle.grey();
    private static final Path EXAMPLE = Path.of("..", "docs", "pytorch", "density_model.py");

    @TempDir
    Path folder;

    private final StringWriter errors = new StringWriter();
    private Path bundle = Path.of("");

    @BeforeEach
    void writeFolders() throws IOException {
        writeImages("clean", 300, 1);
        bundle = folder.resolve("models/tiny-grey/1");
    }

    @Test
    void calibratingIsAllItTakesToServe() throws IOException {
        write(model -> {}, manifest -> {});
        assertThat(calibrate()).as(errors.toString()).isZero();
        requireServing();
    }

    @Test
    void calibratingAgainIsNothingNew() throws IOException {
        write(model -> {}, manifest -> {});
        assertThat(calibrate()).isZero();
        assertThat(calibrate()).as(errors.toString()).isZero();
        requireServing();
    }

    @Test
    void anOutputThatIsNotWhatItsNameSaysIsRefused() throws IOException {
        write(
                model -> rename(model, Map.of("entropy", "surprisal_variance", "surprisal_variance", "entropy")),
                m -> {});
        assertThat(calibrate()).isEqualTo(2);
        assertThat(errors.toString())
                .contains("outputs of model.onnx")
                .containsAnyOf("entropy is", "surprisal_variance is");
        assertThat(bundle.resolve("calibration.json")).doesNotExist();
    }

    @Test
    void probabilitiesThatDoNotSumToOneAreRefused() throws IOException {
        write(ModelFromElsewhereTest::makeEveryLevelLessLikely, manifest -> {});
        assertThat(calibrate()).isEqualTo(2);
        assertThat(errors.toString()).contains("the sum of the probabilities of all levels is 1.00000, found 0.");
    }

    @Test
    void anOrderThatIsNotTheModelsIsRefused() throws IOException {
        write(model -> {}, manifest -> {
            manifest.put("dimensionOrder", "backwards");
            IntStream.range(0, 64).map(i -> 63 - i).forEach(manifest.putArray("dimensions")::add);
        });
        assertThat(calibrate()).isEqualTo(2);
        assertThat(errors.toString()).contains("order backwards");
    }

    @Test
    void anOperatorThatIsNotAllowedIsRefused() throws IOException {
        write(
                model -> model.getGraphBuilder()
                        .addNode(
                                NodeProto.newBuilder().setOpType("RandomNormal").addOutput("noise")),
                manifest -> {});
        assertThat(calibrate()).isEqualTo(2);
        assertThat(errors.toString()).contains("RandomNormal");
    }

    @Test
    void theExampleInPlainPyTorchServesAfterCalibrating() throws Exception {
        String python = System.getenv().getOrDefault("SURPRISAL_PYTHON", "python3");
        assumeTrue(
                run(List.of(python, "-c", "import torch, numpy, PIL, onnx")).status() == 0,
                "needs a Python with torch, numpy, pillow and onnx (SURPRISAL_PYTHON)");
        writeImages("training", 400, 2);
        Result trained = run(List.of(
                python,
                EXAMPLE.toString(),
                "--images",
                folder.resolve("training").toString(),
                "--output",
                bundle.toString(),
                "--epochs",
                "8",
                "--features",
                "16",
                "--blocks",
                "2"));
        assertThat(trained.status()).as(trained.output()).isZero();
        assertThat(calibrate()).as(errors.toString()).isZero();
        requireServing();
    }

    private void requireServing() throws IOException {
        try (Detector detector = Detector.load(bundle)) {
            detector.replayGolden();
            assertThat(detector.calibration().source().images()).isEqualTo(300);
            List<Verdict> verdicts = detector.examine(
                    List.of(TinyBundle.png(TINY.clean(1, 7), 0), TinyBundle.png(TINY.noise(1, 8), 0)),
                    new Decision("bits-per-dimension", 0.01));
            assertThat(verdicts).extracting(Verdict::flagged).containsExactly(false, true);
        }
    }

    /** What another program would leave: no calibration, no golden images, no hashes. */
    private void write(Consumer<ModelProto.Builder> model, Consumer<ObjectNode> manifest) throws IOException {
        TINY.write(bundle);
        Files.delete(bundle.resolve("calibration.json"));
        Files.delete(bundle.resolve("golden.json"));
        ModelProto.Builder onnx = ModelProto.parseFrom(Files.readAllBytes(bundle.resolve("model.onnx"))).toBuilder();
        model.accept(onnx);
        Files.write(bundle.resolve("model.onnx"), onnx.build().toByteArray());
        ObjectMapper json = new ObjectMapper();
        ObjectNode root =
                (ObjectNode) json.readTree(bundle.resolve("bundle.json").toFile());
        root.remove("files");
        manifest.accept(root);
        json.writeValue(bundle.resolve("bundle.json").toFile(), root);
    }

    private static void rename(ModelProto.Builder model, Map<String, String> names) {
        GraphProto.Builder graph = model.getGraphBuilder();
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            for (int i = 0; i < node.getOutputCount(); i++) {
                node.setOutput(i, names.getOrDefault(node.getOutput(i), node.getOutput(i)));
            }
        }
        for (ValueInfoProto.Builder output : graph.getOutputBuilderList()) {
            output.setName(names.getOrDefault(output.getName(), output.getName()));
        }
    }

    /** Puts ln p + ln p in the place of ln p: every p becomes its square. */
    private static void makeEveryLevelLessLikely(ModelProto.Builder model) {
        GraphProto.Builder graph = model.getGraphBuilder();
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            if (node.getOutput(0).equals("log_prob")) {
                node.setOutput(0, "half");
            }
        }
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Add")
                .addInput("half")
                .addInput("half")
                .addOutput("log_prob"));
    }

    private void writeImages(String name, int count, long seed) throws IOException {
        Path images = Files.createDirectories(folder.resolve(name));
        Levels drawn = TINY.clean(count, seed);
        for (int i = 0; i < count; i++) {
            Files.write(images.resolve(i + ".png"), TinyBundle.png(drawn, i));
        }
    }

    private int calibrate() {
        return TrainingMain.commandLine()
                .setErr(new PrintWriter(errors, true))
                .execute(
                        "calibrate",
                        "--model",
                        bundle.toString(),
                        "--images",
                        folder.resolve("clean").toString());
    }

    private record Result(int status, String output) {}

    private static Result run(List<String> command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            return new Result(127, e.toString());
        }
    }
}
