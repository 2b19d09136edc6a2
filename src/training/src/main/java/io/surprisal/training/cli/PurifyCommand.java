package io.surprisal.training.cli;

import io.surprisal.detector.likelihood.LogLikelihood;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.bundle.TrainedModel;
import io.surprisal.training.data.PngFiles;
import io.surprisal.training.density.Likelihood;
import io.surprisal.training.density.Purifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./surprisal purify}: PixelDefend. */
@Command(
        name = "purify",
        mixinStandardHelpOptions = true,
        description = {
            "Replaces each image by a likely one within ε of it (PixelDefend, Song et al. 2018).",
            "No defence by itself: an attacker who knows of it gets past it (Athalye et al. 2018)."
        })
final class PurifyCommand implements Callable<Integer> {
    @Option(names = "--weights", required = true, description = "weights.safetensors of a run")
    private Path weights = Path.of("");

    @Option(
            names = "--output",
            required = true,
            description = "folder for IMAGE-purified.png and purified.png, a row for each image: before, after")
    private Path output = Path.of("");

    @Option(
            names = "--epsilon",
            defaultValue = "16",
            description = "how far a value may go, of 255 (default ${DEFAULT-VALUE}, the paper's)")
    private int epsilon;

    @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "PNG or JPEG, of the model's size")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws IOException {
        TrainedModel trained = TrainedModel.read(weights);
        Levels images = ImageFiles.read(files, trained.network());
        int levels = Math.floorDiv(epsilon * (images.levels() - 1), 255);
        Levels purified;
        try (StepProgress progress = new StepProgress(System.out)) {
            purified = new Purifier(trained.network(), trained.weights())
                    .purify(images, levels, share -> progress.step("purifying", share));
        }
        List<LogLikelihood> before = Likelihood.of(trained.network(), trained.weights(), images);
        List<LogLikelihood> after = Likelihood.of(trained.network(), trained.weights(), purified);
        List<Levels> sheet = new ArrayList<>();
        for (int i = 0; i < images.count(); i++) {
            Path file = ImageFiles.beside(output, files.get(i), "purified");
            PngFiles.write(purified, i, file);
            System.out.printf(
                    Locale.ROOT,
                    "%s: %.3f bits/dim before, %.3f after%n",
                    file,
                    before.get(i).bitsPerDimension(),
                    after.get(i).bitsPerDimension());
            sheet.add(images.slice(i, i + 1));
            sheet.add(purified.slice(i, i + 1));
        }
        PngFiles.writeSheet(Levels.concat(sheet), 2, output.resolve("purified.png"));
        return 0;
    }
}
