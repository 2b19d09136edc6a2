package io.surprisal.training.cli;

import io.surprisal.detector.bundle.Sha256;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.bundle.CompressedImages;
import io.surprisal.training.bundle.TrainedModel;
import io.surprisal.training.data.DataException;
import io.surprisal.training.data.PngFiles;
import io.surprisal.training.density.Compressor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./surprisal decompress}: the inverse of {@code compress}. */
@Command(
        name = "decompress",
        mixinStandardHelpOptions = true,
        description = "Writes the images that were compressed, or says that they cannot be had back on this machine.")
final class DecompressCommand implements Callable<Integer> {
    @Option(names = "--weights", required = true, description = "the weights it was compressed with")
    private Path weights = Path.of("");

    @Option(names = "--output", required = true, description = "folder for image-01.png, …")
    private Path output = Path.of("");

    @Parameters(paramLabel = "FILE", description = "what compress wrote")
    private Path file = Path.of("");

    @Override
    public Integer call() throws IOException {
        CompressedImages compressed = read();
        String found = Sha256.of(Files.readAllBytes(weights));
        if (!found.equals(compressed.weightsSha256())) {
            throw new DataException("%s: expected the weights it was made with, SHA-256 %s, found %s"
                    .formatted(file, compressed.weightsSha256(), found));
        }
        TrainedModel trained = TrainedModel.read(weights);
        Levels images;
        try (StepProgress progress = new StepProgress(System.out)) {
            images = new Compressor(trained.network(), trained.weights())
                    .decompress(compressed.code(), compressed.count(), share -> progress.step("decompressing", share));
        }
        if (CompressedImages.checksum(images) != compressed.checksum()) {
            throw new DataException(file
                    + ": expected images with checksum %08x, found %08x: the file is damaged, or this machine's conditionals differ in their last digits from those it was made with"
                            .formatted(compressed.checksum(), CompressedImages.checksum(images)));
        }
        for (int i = 0; i < images.count(); i++) {
            PngFiles.write(images, i, output.resolve("image-%02d.png".formatted(i + 1)));
        }
        return 0;
    }

    private CompressedImages read() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            return CompressedImages.of(bytes);
        } catch (IOException e) {
            throw new DataException(file + ": " + e.getMessage());
        }
    }
}
