package io.surprisal.training.cli;

import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.bundle.TrainedModel;
import io.surprisal.training.data.PngFiles;
import io.surprisal.training.density.AutoregressiveNetwork;
import io.surprisal.training.density.ClassConditionalPixelCnn;
import io.surprisal.training.density.Sampler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./surprisal sample}: images drawn from a trained network. */
@Command(name = "sample", mixinStandardHelpOptions = true, description = "Draws images from a trained model.")
final class SampleCommand implements Callable<Integer> {
    @Option(names = "--weights", required = true, description = "weights.safetensors of a run")
    private Path weights = Path.of("");

    @Option(
            names = "--output",
            required = true,
            description = "folder for sample-01.png, … and samples.png, a sheet of all")
    private Path output = Path.of("");

    @Option(names = "--count", defaultValue = "16", description = "number of images (default ${DEFAULT-VALUE})")
    private int count;

    @Option(names = "--temperature", defaultValue = "1", description = "below 1 sharpens (default ${DEFAULT-VALUE})")
    private double temperature;

    @Option(names = "--seed", defaultValue = "1", description = "default ${DEFAULT-VALUE}")
    private long seed;

    @Option(names = "--class", description = "only images of this class, from a class-conditional model")
    private @Nullable Integer label;

    @Override
    public Integer call() throws IOException {
        TrainedModel trained = TrainedModel.read(weights);
        Levels images;
        try (StepProgress progress = new StepProgress(System.out)) {
            images = new Sampler(network(trained.network()), trained.weights())
                    .sample(count, temperature, seed, share -> progress.step("sampling", share));
        }
        for (int i = 0; i < count; i++) {
            PngFiles.write(images, i, output.resolve("sample-%02d.png".formatted(i + 1)));
        }
        PngFiles.writeSheet(images, (int) Math.ceil(Math.sqrt(count)), output.resolve("samples.png"));
        return 0;
    }

    private AutoregressiveNetwork network(AutoregressiveNetwork network) {
        if (label == null) {
            return network;
        }
        if (!(network instanceof ClassConditionalPixelCnn conditional)) {
            throw new IllegalArgumentException("--class: expected a model of family "
                    + ClassConditionalPixelCnn.FAMILY.name() + ", found " + network.family());
        }
        return conditional.given(label);
    }
}
