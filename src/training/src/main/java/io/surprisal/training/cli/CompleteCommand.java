package io.surprisal.training.cli;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.bundle.TrainedModel;
import io.surprisal.training.data.PngFiles;
import io.surprisal.training.density.Sampler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./surprisal complete}: what is missing of an image, drawn several times. */
@Command(
        name = "complete",
        mixinStandardHelpOptions = true,
        description = {
            "Draws what is missing of images, several times.",
            "A pixel is drawn given the pixels before it in the model's order, as a rule those above and to the left: what is known below and to the right does not shape it."
        })
final class CompleteCommand implements Callable<Integer> {
    @Option(names = "--weights", required = true, description = "weights.safetensors of a run")
    private Path weights = Path.of("");

    @Option(
            names = "--output",
            required = true,
            description =
                    "folder for IMAGE-completed-1.png, … and completions.png, a row for each image: what was known, the completions, the image")
    private Path output = Path.of("");

    @Option(
            names = "--missing",
            defaultValue = "lower",
            description =
                    "lower or upper (the half), TOP,LEFT,HEIGHT,WIDTH (a box of pixels), or an image file of the same size that is not black where something is missing (default ${DEFAULT-VALUE})")
    private String missing = "";

    @Option(names = "--count", defaultValue = "4", description = "completions of each image (default ${DEFAULT-VALUE})")
    private int count;

    @Option(names = "--temperature", defaultValue = "1", description = "below 1 sharpens (default ${DEFAULT-VALUE})")
    private double temperature;

    @Option(names = "--seed", defaultValue = "1", description = "default ${DEFAULT-VALUE}")
    private long seed;

    @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "PNG or JPEG, of the model's size")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws IOException {
        if (count < 1) {
            throw new IllegalArgumentException("--count: expected at least 1, found " + count);
        }
        TrainedModel trained = TrainedModel.read(weights);
        Levels images = ImageFiles.read(files, trained.network());
        BitSet free = Missing.of(missing, trained.network());
        List<Levels> copies = new ArrayList<>();
        for (int image = 0; image < images.count(); image++) {
            for (int i = 0; i < count; i++) {
                copies.add(images.slice(image, image + 1));
            }
        }
        Levels completed;
        try (StepProgress progress = new StepProgress(System.out)) {
            completed = new Sampler(trained.network(), trained.weights())
                    .complete(Levels.concat(copies), free, temperature, seed, share -> progress.step("drawing", share));
        }
        List<Levels> sheet = new ArrayList<>();
        for (int image = 0; image < images.count(); image++) {
            sheet.add(grey(images.slice(image, image + 1), free));
            sheet.add(completed.slice(image * count, (image + 1) * count));
            sheet.add(images.slice(image, image + 1));
            for (int i = 0; i < count; i++) {
                PngFiles.write(
                        completed,
                        image * count + i,
                        ImageFiles.beside(output, files.get(image), "completed-" + (i + 1)));
            }
        }
        PngFiles.writeSheet(Levels.concat(sheet), count + 2, output.resolve("completions.png"));
        return 0;
    }

    /** What was known, and grey for the rest. */
    private static Levels grey(Levels image, BitSet free) {
        ImageShape shape = image.shape();
        byte[] data = image.data().clone();
        free.stream().forEach(dimension -> data[dimension] = (byte) (image.levels() / 2));
        return Levels.of(shape, image.levels(), 1, data);
    }
}
