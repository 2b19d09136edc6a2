package io.surprisal.training.cli;

import io.surprisal.detector.bundle.Sha256;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.bundle.CompressedImages;
import io.surprisal.training.bundle.TrainedModel;
import io.surprisal.training.density.Compressor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./surprisal compress}: images to as many bits as the model says they have. */
@Command(
        name = "compress",
        mixinStandardHelpOptions = true,
        description = {
            "Compresses images without loss, driven by the model's conditionals.",
            "The bits needed are the model's bits per dimension: a proof that those are real, and not a format to keep images in. Decompressing needs the same weights, machine and number of threads."
        })
final class CompressCommand implements Callable<Integer> {
    @Option(names = "--weights", required = true, description = "weights.safetensors of a run")
    private Path weights = Path.of("");

    @Option(names = "--output", required = true, description = "file to write")
    private Path output = Path.of("");

    @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "PNG or JPEG, of the model's size")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws IOException {
        TrainedModel trained = TrainedModel.read(weights);
        Levels images = ImageFiles.readExactly(files, trained.network());
        Compressor.Compressed compressed;
        try (StepProgress progress = new StepProgress(System.out)) {
            compressed = new Compressor(trained.network(), trained.weights())
                    .compress(images, share -> progress.step("compressing", share));
        }
        byte[] file = new CompressedImages(
                        Sha256.of(Files.readAllBytes(weights)),
                        images.count(),
                        CompressedImages.checksum(images),
                        compressed.code())
                .toBytes();
        Files.write(output, file);
        double bits = 8.0 * compressed.code().length;
        double ideal = compressed.nats() / Math.log(2);
        int dimensions = images.data().length;
        System.out.printf(
                Locale.ROOT,
                "%s: %,d bytes for %d images, and %d for the file's head; %.4f bits/dim, the model's log-likelihood says %.4f (%+.3f %%)%n",
                output,
                compressed.code().length,
                images.count(),
                CompressedImages.HEADER_BYTES,
                bits / dimensions,
                ideal / dimensions,
                100 * (bits / ideal - 1));
        return 0;
    }
}
