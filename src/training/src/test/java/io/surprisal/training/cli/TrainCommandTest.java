package io.surprisal.training.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.Detector;
import io.surprisal.detector.bundle.Bundle;
import io.surprisal.detector.calibration.Cascade;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.image.ImageDecoder;
import io.surprisal.detector.image.ImageLimits;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.statistic.LocalLikelihoodRatio;
import io.surprisal.detector.verdict.Decision;
import io.surprisal.detector.verdict.Verdict;
import io.surprisal.training.bundle.TrainedModel;
import io.surprisal.training.data.PngFiles;
import io.surprisal.training.data.Reduction;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** From a folder of IDX files to a bundle that serves, with the commands a user types. */
class TrainCommandTest {
    private static final int SIDE = 8;

    @TempDir
    Path folder;

    private final StringWriter errors = new StringWriter();

    @BeforeEach
    void writeData() throws IOException {
        writeIdx("train-images-idx3-ubyte", 600, 1);
        writeIdx("t10k-images-idx3-ubyte", 100, 2);
    }

    @Test
    void aTrainedBundleServesAndTellsNoiseFromTheDataItLearned() throws IOException {
        Path bundle = folder.resolve("models/gradients/1");
        assertThat(train(bundle, "2")).isZero();
        for (String file : List.of("README.md", "curve.png", "histogram.png", "samples.png", "samples/1-drawn.png")) {
            assertThat(bundle.resolve(file)).isNotEmptyFile();
        }
        try (Detector detector = Detector.load(bundle)) {
            detector.replayGolden();
            assertThat(detector.manifest().name()).isEqualTo("gradients");
            assertThat(detector.manifest().version()).isEqualTo("1");
            Path noise = folder.resolve("noise.png");
            writePng(noise, new Random(9));
            Verdict verdict = detector.examine(
                            List.of(Files.readAllBytes(noise)), new Decision("bits-per-dimension", 0.05))
                    .getFirst();
            assertThat(verdict.flagged()).isTrue();
        }
    }

    /** The bundle's contract, its golden images and its card are those of the model in integers. */
    @Test
    void trainedWeightsAreExportedInIntegersAsABundleOfTheirOwn() throws IOException {
        assertThat(train(folder.resolve("models/gradients/1"), "2")).isZero();
        Path bundle = folder.resolve("models/gradients/2");
        assertThat(execute("export --precision int8 --threads 1", bundle))
                .as(errors.toString())
                .isZero();
        try (Detector floats = Detector.load(folder.resolve("models/gradients/1"));
                Detector integers = Detector.load(bundle)) {
            integers.replayGolden();
            assertThat(integers.manifest().producer())
                    .startsWith("surprisal train")
                    .endsWith("export --precision int8");
            assertThat(integers.manifest().hyperparameters())
                    .isEqualTo(floats.manifest().hyperparameters());
            assertThat(integers.manifest().bitsPerDimension().test())
                    .isNotEqualTo(floats.manifest().bitsPerDimension().test())
                    .isCloseTo(floats.manifest().bitsPerDimension().test(), within(0.02));
        }
        assertThat(bundle.resolve("README.md")).content().contains("convolutions are in int8");
        assertThat(folder.resolve("models/gradients/1/README.md")).content().doesNotContain("int8");
    }

    /** The ratio is in the file, calibrated, watched by the golden images, and tells noise on an image from the image. */
    @Test
    void aBackgroundOfDisturbedImagesGivesABundleItsLikelihoodRatio() throws IOException {
        Path plain = folder.resolve("models/gradients/1");
        assertThat(train(plain, "4")).isZero();
        Files.copy(folder.resolve("run/weights.safetensors"), folder.resolve("plain.safetensors"));
        String start = folder.resolve("plain.safetensors").toString();
        assertThat(train(folder.resolve("models/noisy/1"), "4", "noisy", "1", "--disturbed", "--from", start))
                .isZero();
        assertThat(folder.resolve("models/noisy/1/README.md")).content().contains("Fitted to disturbed images");
        Path weights = folder.resolve("noisy/weights.safetensors");
        assertThat(TrainedModel.read(weights).making().disturbed()).isTrue();

        Path bundle = folder.resolve("models/gradients/2");
        assertThat(execute("export --threads 1 --background " + weights, bundle))
                .as(errors.toString())
                .isZero();
        assertThat(bundle.resolve("README.md")).content().contains("likelihood-ratio", "the model itself");
        try (Detector detector = Detector.load(bundle)) {
            detector.replayGolden();
            assertThat(Files.readString(bundle.resolve("golden.json"))).contains("backgroundNats");
            assertThat(detector.manifest().producer()).endsWith("surprisal export --background");
            Levels drawn = Bundle.load(bundle).golden().images();
            Levels noisy = Reduction.of(256, null).disturbed().seen(drawn, 3);
            Conditionals clean = detector.evaluate(drawn);
            Conditionals disturbed = detector.evaluate(noisy);
            for (int image = 0; image < drawn.count(); image++) {
                assertThat(new LocalLikelihoodRatio().of(disturbed, image))
                        .isGreaterThan(new LocalLikelihoodRatio().of(clean, image));
            }
        }
        // Whoever exports again has the background from the bundle; a model of clean images is none.
        Files.copy(folder.resolve("run/weights.safetensors"), bundle.resolve("weights.safetensors"));
        Path again = folder.resolve("models/gradients/3");
        assertThat(execute(
                        "export",
                        "--run",
                        bundle.toString(),
                        "--data",
                        folder.toString(),
                        "--output",
                        again.toString()))
                .as(errors.toString())
                .isZero();
        assertThat(again.resolve("model.onnx")).hasSameBinaryContentAs(bundle.resolve("model.onnx"));
        assertThat(execute("export --background " + folder.resolve("plain.safetensors"), again))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("expected a background trained with --disturbed");
    }

    @Test
    void aBundleIsCalibratedAnewOnAFolderOfImages() throws IOException {
        Path bundle = folder.resolve("models/gradients/1");
        assertThat(train(bundle, "0.2")).isZero();
        for (int i = 0; i < 30; i++) {
            writePng(folder.resolve("clean/" + i + ".png"), new Random(i));
        }
        int status = execute(
                "calibrate",
                "--model",
                bundle.toString(),
                "--images",
                folder.resolve("clean").toString());
        assertThat(status).as(errors.toString()).isZero();
        try (Detector detector = Detector.load(bundle)) {
            assertThat(detector.calibration().source().images()).isEqualTo(30);
        }
    }

    @Test
    void twoBundlesOfOneSplitBecomeACascadeThatIsCalibratedAnew() throws IOException {
        Path large = folder.resolve("models/gradients/1");
        assertThat(train(large, "1")).isZero();
        Path small = folder.resolve("models/cheap/1");
        assertThat(train(small, "0.2", "cheap", "1")).isZero();
        Path cascade = folder.resolve("models/both/3");
        String[] command = {
            "cascade",
            "--model",
            large.toString(),
            "--screen",
            small.toString(),
            "--output",
            cascade.toString(),
            "--passed",
            "0.3",
            "--flagged",
            "0.05",
            "--data",
            folder.toString()
        };
        assertThat(execute(command)).as(errors.toString()).isZero();
        Bundle bundle = Bundle.load(cascade);
        assertThat(bundle.manifest().name()).isEqualTo("both");
        assertThat(bundle.manifest().hyperparameters()).containsKey("screen");
        Cascade both = bundle.screen().orElseThrow().cascade();
        int images = both.whole().of("combined").size();
        for (int i = 0; i < 60; i++) {
            writePng(folder.resolve("clean/" + i + ".png"), new Random(i));
        }
        assertThat(execute(
                        "calibrate",
                        "--model",
                        cascade.toString(),
                        "--images",
                        folder.resolve("clean").toString()))
                .as(errors.toString())
                .isZero();
        Bundle renewed = Bundle.load(cascade);
        assertThat(renewed.calibration().source().images()).isEqualTo(60);
        assertThat(renewed.screen()
                        .orElseThrow()
                        .cascade()
                        .whole()
                        .of("combined")
                        .size())
                .isEqualTo(54)
                .isNotEqualTo(images);
        try (Detector detector = Detector.load(cascade)) {
            detector.replayGolden();
        }
    }

    @Test
    void aScreenOfAnotherSplitIsOneLineAndStatus2() throws IOException {
        Path large = folder.resolve("models/gradients/1");
        assertThat(train(large, "0.2")).isZero();
        Path small = folder.resolve("models/cheap/1");
        assertThat(train(small, "0.2", "cheap", "7")).isZero();
        int status = execute(
                "cascade",
                "--model",
                large.toString(),
                "--screen",
                small.toString(),
                "--output",
                folder.resolve("models/both/1").toString(),
                "--data",
                folder.toString());
        assertThat(status).isEqualTo(2);
        assertThat(errors.toString()).contains("expected two bundles calibrated on the same images");
        assertThat(folder.resolve("models/both/1")).doesNotExist();
    }

    /** A run of a few steps at a vanishing rate: what it exports is what it started from, and not random. */
    @Test
    void aRunStartsFromGivenWeightsOfTheSameNetworkOnly() throws IOException {
        assertThat(train(folder.resolve("models/gradients/1"), "2")).isZero();
        Path weights = folder.resolve("run/weights.safetensors");
        Path bundle = folder.resolve("models/gradients/2");
        int status = execute(
                "train",
                "--data",
                folder.toString(),
                "--output",
                bundle.toString(),
                "--run",
                folder.resolve("second").toString(),
                "--from",
                weights.toString(),
                "--learning-rate",
                "1e-9",
                "--epochs",
                "0.1",
                "--batch",
                "10",
                "--channels",
                "8",
                "--blocks",
                "1",
                "--hidden",
                "8",
                "--features",
                "2",
                "--validation",
                "50",
                "--calibration",
                "100");
        assertThat(status).as(errors.toString()).isZero();
        double first = TrainedModel.read(weights).curve().points().getLast().validation();
        double second = TrainedModel.read(folder.resolve("second/weights.safetensors"))
                .curve()
                .points()
                .getLast()
                .validation();
        assertThat(second).isCloseTo(first, within(1e-4));
        assertThat(execute(
                        "train",
                        "--data",
                        folder.toString(),
                        "--output",
                        "models/x/1",
                        "--run",
                        folder.resolve("third").toString(),
                        "--from",
                        weights.toString(),
                        "--validation",
                        "50",
                        "--calibration",
                        "100"))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("--from: expected weights of gated-pixelcnn {channels=32");
    }

    /** Trained on draws, thresholds from what the detector makes of an image, the order written where readers look for it. */
    @Test
    void aBinarisedModelInAnOrderOfItsOwnServesAndSaysSo() throws IOException {
        Path bundle = folder.resolve("models/binary/1");
        int status = execute(
                "train --family made --hidden-layers 30 --order-seed 3 --binarise dynamic --epochs 2 --batch 10"
                        + " --learning-rate 0.01 --validation 50 --calibration 100 --threads 1",
                bundle);
        assertThat(status).as(errors.toString()).isZero();
        assertThat(bundle.resolve("README.md")).content().contains("nats an image", "anew in every step");
        try (Detector detector = Detector.load(bundle)) {
            detector.replayGolden();
            assertThat(detector.manifest().levels()).isEqualTo(2);
            assertThat(detector.manifest().data().binarised()).isEqualTo("dynamic");
            assertThat(detector.manifest().dimensionOrder().dimensions())
                    .hasSize(SIDE * SIDE)
                    .doesNotHaveDuplicates();
            Path noise = folder.resolve("noise.png");
            writePng(noise, new Random(9));
            assertThat(detector.examine(List.of(Files.readAllBytes(noise)), new Decision("bits-per-dimension", 0.05))
                            .getFirst()
                            .flagged())
                    .isTrue();
        }
        for (int i = 0; i < 30; i++) {
            writePng(folder.resolve("clean/" + i + ".png"), new Random(i));
        }
        String images = folder.resolve("clean").toString();
        assertThat(execute("calibrate", "--model", bundle.toString(), "--images", images))
                .isZero();
    }

    @Test
    void aDryRunTellsWhatItWouldCostAndWritesNothing() {
        Path bundle = folder.resolve("models/x/1");
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            assertThat(execute(
                            "train --dry-run --family recurrent --state 8 --batch 10 --threads 1"
                                    + " --validation 50 --calibration 100",
                            bundle))
                    .as(errors.toString())
                    .isZero();
        } finally {
            System.setOut(console);
        }
        assertThat(printed.toString(UTF_8))
                .containsPattern(
                        "training: [0-9.]+ images/s \\(5 steps of 10 on 1 threads\\), so 12.0 epochs of 450 images")
                .containsPattern("serving: [0-9.]+ images/s on one core");
        assertThat(bundle).doesNotExist();
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void levelsThatDoNotGoWithBinarisingAreOneLineAndStatus2() {
        assertThat(execute("train --binarise static --levels 16", folder.resolve("models/x/1")))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("binarised images have 2 levels, found 16");
    }

    private int execute(String options, Path bundle) {
        List<String> arguments = new ArrayList<>(List.of(options.split(" ")));
        arguments.addAll(List.of("--data", folder.toString(), "--output", bundle.toString()));
        arguments.addAll(List.of("--run", folder.resolve("run").toString()));
        return execute(arguments.toArray(String[]::new));
    }

    /** What a density is good for besides a verdict, on an image that it knows and one that it does not. */
    @Test
    void trainedWeightsCompleteCompressAndPurify() throws IOException {
        assertThat(train(folder.resolve("models/gradients/1"), "2")).isZero();
        Path noise = folder.resolve("noise.png");
        writePng(noise, new Random(9));
        String drawn = folder.resolve("models/gradients/1/samples/1-drawn.png").toString();

        assertThat(density("complete", "out", "--missing", "2,1,3,4", "--count", "2", drawn, noise.toString()))
                .as(errors.toString())
                .isZero();
        byte[] before = pixels(noise);
        byte[] completed = pixels(folder.resolve("out/noise-completed-2.png"));
        for (int i = 0; i < before.length; i++) {
            boolean missing = i / SIDE >= 2 && i / SIDE < 5 && i % SIDE >= 1 && i % SIDE < 5;
            assertThat(missing || completed[i] == before[i]).as("pixel %d", i).isTrue();
        }
        assertThat(completed).isNotEqualTo(before);
        assertThat(folder.resolve("out/completions.png")).isNotEmptyFile();

        assertThat(density("compress", "images.spr", drawn, noise.toString()))
                .as(errors.toString())
                .isZero();
        assertThat(density("decompress", "back", folder.resolve("images.spr").toString()))
                .as(errors.toString())
                .isZero();
        assertThat(pixels(folder.resolve("back/image-01.png"))).isEqualTo(pixels(Path.of(drawn)));
        assertThat(pixels(folder.resolve("back/image-02.png"))).isEqualTo(before);

        assertThat(density("purify", "pure", "--epsilon", "8", noise.toString()))
                .as(errors.toString())
                .isZero();
        byte[] purified = pixels(folder.resolve("pure/noise-purified.png"));
        for (int i = 0; i < before.length; i++) {
            assertThat(Math.abs(Byte.toUnsignedInt(purified[i]) - Byte.toUnsignedInt(before[i])))
                    .isLessThanOrEqualTo(8);
        }
        assertThat(purified).isNotEqualTo(before);
    }

    @Test
    void whatCannotBeCompletedOrDecompressedIsOneLineAndStatus2() throws IOException {
        assertThat(train(folder.resolve("models/gradients/1"), "0.2")).isZero();
        Path noise = folder.resolve("noise.png");
        writePng(noise, new Random(9));
        assertThat(density("complete", "out", "--missing", "6,0,3,4", noise.toString()))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("expected TOP,LEFT,HEIGHT,WIDTH of a box inside 8×8 pixels");
        assertThat(density("complete", "out", "--missing", "middle", noise.toString()))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("expected lower, upper, TOP,LEFT,HEIGHT,WIDTH or an image file");
        assertThat(density(
                        "compress",
                        "images.spr",
                        folder.resolve("run/weights.safetensors").toString()))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("weights.safetensors: expected PNG or JPEG");
        assertThat(density("decompress", "back", noise.toString())).isEqualTo(2);
        assertThat(errors.toString()).contains("noise.png: expected a file of compressed images");

        assertThat(density("compress", "images.spr", noise.toString())).isZero();
        Path file = folder.resolve("images.spr");
        byte[] damaged = Files.readAllBytes(file);
        damaged[damaged.length / 2] ^= 1;
        Files.write(file, damaged);
        assertThat(density("decompress", "back", file.toString())).isEqualTo(2);
        assertThat(errors.toString()).contains("the file is damaged");
        damaged[10] ^= 1;
        Files.write(file, damaged);
        assertThat(density("decompress", "back", file.toString())).isEqualTo(2);
        assertThat(errors.toString()).contains("expected the weights it was made with");
    }

    private int density(String command, String output, String... rest) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(
                List.of("--weights", folder.resolve("run/weights.safetensors").toString()));
        arguments.addAll(List.of("--output", folder.resolve(output).toString()));
        arguments.addAll(List.of(rest));
        return execute(arguments.toArray(String[]::new));
    }

    private static byte[] pixels(Path file) throws IOException {
        return new ImageDecoder(ImageLimits.defaults())
                .decode(Files.readAllBytes(file))
                .data();
    }

    @Test
    void missingDataAndUnknownFamiliesAreOneLineAndStatus2() {
        assertThat(execute("train", "--data", folder.resolve("none").toString(), "--output", "models/x/1"))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("expected a folder with a data set, found nothing");
        assertThat(execute("train", "--data", folder.toString(), "--output", "models/x/1", "--family", "glow"))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("expected family gated-pixelcnn").contains("found glow");
    }

    @Test
    void anOptionWhoseTextIsNoValueIsOneLineAndStatus2() {
        assertThat(execute("train", "--data", folder.toString(), "--output", "models/x/1", "--dilations", "1,two"))
                .isEqualTo(2);
        assertThat(errors.toString())
                .contains("expected hyperparameter dilations to be integers with commas between, found 1,two");
        assertThat(execute("export", "--data", "x", "--run", "x", "--output", "models/x/1", "--precision", "fp64"))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("expected one of [FP32, INT8]").contains("fp64");
    }

    @Test
    void theHelpNamesTheOptionsOfEachFamilyWithTheirDefaults() {
        CommandLine train =
                requireNonNull(TrainingMain.commandLine().getSubcommands().get("train"));
        assertThat(train.getUsageMessage().replaceAll("\\s+", " "))
                .contains("gated-pixelcnn: horizontal dilations of the layers, in turn (default 1,2,1,4)")
                .contains("pixelcnn++: logistics a pixel (default 5)");
    }

    private int train(Path bundle, String epochs) {
        return train(bundle, epochs, "run", "1");
    }

    private int train(Path bundle, String epochs, String run, String seed, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--data",
                folder.toString(),
                "--output",
                bundle.toString(),
                "--run",
                folder.resolve(run).toString(),
                "--seed",
                seed,
                "--epochs",
                epochs,
                "--batch",
                "10",
                "--channels",
                "8",
                "--blocks",
                "1",
                "--hidden",
                "8",
                "--features",
                "2",
                "--validation",
                "50",
                "--calibration",
                "100",
                "--validate-every",
                "20",
                "--threads",
                "1"));
        arguments.addAll(List.of(more));
        int status = execute(arguments.toArray(String[]::new));
        assertThat(status).as(errors.toString()).isZero();
        return status;
    }

    private int execute(String... arguments) {
        CommandLine line = TrainingMain.commandLine();
        line.setErr(new PrintWriter(errors, true));
        return line.execute(arguments);
    }

    /** Horizontal gradients of a random slope: easy to learn, and nothing like noise. */
    private void writeIdx(String name, int count, long seed) throws IOException {
        Random random = new Random(seed);
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            for (int header : new int[] {0x803, count, SIDE, SIDE}) {
                out.writeInt(header);
            }
            for (int i = 0; i < count; i++) {
                int slope = 1 + random.nextInt(30);
                for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
                    out.writeByte(slope * (pixel % SIDE));
                }
            }
        }
    }

    private static void writePng(Path file, Random random) throws IOException {
        byte[] noise = new byte[SIDE * SIDE];
        random.nextBytes(noise);
        PngFiles.write(Levels.of(new ImageShape(1, SIDE, SIDE), 256, 1, noise), 0, file);
    }
}
