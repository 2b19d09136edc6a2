package io.surprisal.training.cli;

import io.surprisal.detector.image.ImageDecoder;
import io.surprisal.detector.image.ImageLimits;
import io.surprisal.detector.image.Pixels;
import io.surprisal.detector.image.UnreadableImageException;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.quantise.Quantiser;
import io.surprisal.training.data.DataException;
import io.surprisal.training.data.PngFiles;
import io.surprisal.training.density.AutoregressiveNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Image files a user names, as levels of a network. */
final class ImageFiles {
    private ImageFiles() {}

    /** @throws DataException when one is no image, or not of the network's size and channels; names the file */
    static Levels read(List<Path> files, AutoregressiveNetwork network) throws IOException {
        return read(files, network, false);
    }

    /** The same, and refuses images with values that the network has no level for. */
    static Levels readExactly(List<Path> files, AutoregressiveNetwork network) throws IOException {
        return read(files, network, true);
    }

    /** {@code name-suffix.png} in a folder. */
    static Path beside(Path folder, Path image, String suffix) {
        String name = String.valueOf(image.getFileName());
        int dot = name.lastIndexOf('.');
        return folder.resolve((dot < 0 ? name : name.substring(0, dot)) + "-" + suffix + ".png");
    }

    private static Levels read(List<Path> files, AutoregressiveNetwork network, boolean exactly) throws IOException {
        ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());
        Quantiser quantiser = new Quantiser(network.shape(), network.levels());
        List<Levels> images = new ArrayList<>(files.size());
        for (Path file : files) {
            try {
                Pixels pixels = decoder.decode(Files.readAllBytes(file));
                if (exactly) {
                    requireLevels(pixels, quantiser, network.levels());
                }
                images.add(quantiser.quantise(List.of(pixels)));
            } catch (UnreadableImageException e) {
                throw new DataException(file + ": " + e.getMessage());
            }
        }
        return Levels.concat(images);
    }

    private static void requireLevels(Pixels pixels, Quantiser quantiser, int levels) {
        for (byte sample : pixels.data()) {
            int value = Byte.toUnsignedInt(sample);
            if (PngFiles.value(quantiser.level(value), levels) != value) {
                throw new UnreadableImageException(
                        "expected nothing but the values of %d levels from 0 to 255, found %d"
                                .formatted(levels, value));
            }
        }
    }
}
