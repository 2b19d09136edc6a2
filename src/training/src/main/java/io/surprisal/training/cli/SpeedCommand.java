package io.surprisal.training.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surprisal.detector.bundle.Bundle;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.density.Families;
import io.surprisal.training.density.Multiplications;
import io.surprisal.training.fit.MatrixProduct;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code ./surprisal speed BUNDLE…}: how much of what a core can do in float32 a model gets out of it. Model and matrix product take turns,
 * since the machine may be busy with other things.
 */
@Command(
        name = "speed",
        mixinStandardHelpOptions = true,
        description =
                "Measures bundles on one core, and their share of the core's float32 peak: a large matrix product in the same run.")
final class SpeedCommand implements Callable<Integer> {
    private static final double TURN_SECONDS = 1;

    @Parameters(arity = "1..*", paramLabel = "BUNDLE", description = "folders of bundles")
    private List<Path> bundles = List.of();

    @Option(names = "--rounds", defaultValue = "7", description = "turns of each (default ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--batch",
            split = ",",
            defaultValue = "1,4",
            description = "images in a run of the model (default ${DEFAULT-VALUE})")
    private List<Integer> batches = List.of();

    @Override
    public Integer call() {
        PrintStream out = System.out;
        out.printf(
                Locale.ROOT,
                "one core, %d turns of %.0f s, medians; the peak is that of a matrix product in the same turn%n%n%-20s %-16s %9s %6s %9s %8s %8s%n",
                rounds,
                TURN_SECONDS,
                "bundle",
                "family",
                "M mult.",
                "batch",
                "images/s",
                "GFLOP/s",
                "of peak");
        for (Path bundle : bundles) {
            print(Bundle.load(bundle), out);
        }
        return 0;
    }

    private void print(Bundle bundle, PrintStream out) {
        BundleManifest manifest = bundle.manifest();
        long multiplications = multiplications(manifest);
        try (OnnxDensityModel model =
                OnnxDensityModel.of(bundle.model(), manifest.shape(), manifest.levels(), SessionSettings.defaults())) {
            for (int batch : batches) {
                Levels images = repeated(bundle.golden().images(), batch);
                ServingSpeed.imagesPerSecond(model, images, TURN_SECONDS);
                double[] speeds = new double[rounds];
                double[] shares = new double[rounds];
                for (int round = 0; round < rounds; round++) {
                    double peak = MatrixProduct.multiplicationsPerSecond(TURN_SECONDS);
                    speeds[round] = ServingSpeed.imagesPerSecond(model, images, TURN_SECONDS);
                    shares[round] = speeds[round] * multiplications / peak;
                }
                out.printf(
                        Locale.ROOT,
                        "%-20s %-16s %9.1f %6d %9.1f %8.1f %7.0f%%%n",
                        manifest.name() + "/" + manifest.version(),
                        manifest.family(),
                        multiplications * 1e-6,
                        batch,
                        ServingSpeed.median(speeds),
                        2e-9 * ServingSpeed.median(speeds) * multiplications,
                        100 * ServingSpeed.median(shares));
            }
        }
    }

    /** @throws IllegalArgumentException when the family is none of this project's */
    private static long multiplications(BundleManifest manifest) {
        JsonNode hyperparameters = new ObjectMapper().valueToTree(manifest.hyperparameters());
        return Multiplications.of(
                Families.of(manifest.family()).read(manifest.shape(), manifest.levels(), hyperparameters));
    }

    private static Levels repeated(Levels images, int count) {
        return Levels.concat(IntStream.range(0, count)
                .mapToObj(i -> images.slice(i % images.count(), i % images.count() + 1))
                .toList());
    }
}
