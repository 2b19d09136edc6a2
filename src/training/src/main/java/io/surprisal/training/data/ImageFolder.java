package io.surprisal.training.data;

import io.surprisal.detector.image.ImageDecoder;
import io.surprisal.detector.image.ImageLimits;
import io.surprisal.detector.image.Pixels;
import io.surprisal.detector.image.UnreadableImageException;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.quantise.Quantiser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder, searched with its subfolders, of PNG and JPEG files that all have the size of the first one, in order of their paths. */
final class ImageFolder {
    private static final int BROKEN_FILES_NAMED = 5;

    private ImageFolder() {}

    static boolean holdsImages(Path folder) throws IOException {
        return !files(folder).isEmpty();
    }

    /**
     * Reads every image.
     *
     * @throws DataException naming the files that are unreadable or of another size; nothing is skipped in silence
     */
    static ImageSet read(String name, Path folder) throws IOException {
        List<Path> files = files(folder);
        if (files.isEmpty()) {
            throw new DataException(folder + ": expected PNG or JPEG files, found none");
        }
        ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());
        List<Levels> images = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        Quantiser quantiser = null;
        for (Path file : files) {
            try {
                Pixels pixels = decoder.decode(Files.readAllBytes(file));
                quantiser = quantiser == null ? quantiserFor(pixels) : quantiser;
                images.add(quantiser.quantise(List.of(pixels)));
            } catch (UnreadableImageException e) {
                broken.add(file + ": " + e.getMessage());
            }
        }
        requireWhole(folder, files.size(), broken);
        return ImageSet.unlabelled(name, Levels.concat(images));
    }

    private static Quantiser quantiserFor(Pixels first) {
        return new Quantiser(new ImageShape(first.channels(), first.height(), first.width()), 256);
    }

    private static void requireWhole(Path folder, int count, List<String> broken) throws DataException {
        if (!broken.isEmpty()) {
            String shown = String.join("\n  ", broken.subList(0, Math.min(BROKEN_FILES_NAMED, broken.size())));
            throw new DataException("%s: %d of %d images cannot be used (all must have the size of the first):%n  %s"
                    .formatted(folder, broken.size(), count, shown));
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile)
                    .filter(p -> isImageName(p.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isImageName(@Nullable Path name) {
        String lower = String.valueOf(name).toLowerCase(Locale.ROOT);
        return lower.endsWith(".png") || lower.endsWith(".jpg") || lower.endsWith(".jpeg");
    }
}
