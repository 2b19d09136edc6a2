package io.surprisal.training.cli;

import io.surprisal.detector.image.ImageDecoder;
import io.surprisal.detector.image.ImageLimits;
import io.surprisal.detector.image.Pixels;
import io.surprisal.detector.image.UnreadableImageException;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.data.DataException;
import io.surprisal.training.density.AutoregressiveNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.regex.Pattern;

/** The part of an image that {@link CompleteCommand} draws, from a user's words. */
final class Missing {
    private static final Pattern BOX = Pattern.compile("\\d{1,6}(,\\d{1,6}){3}");

    private Missing() {}

    /** Dimensions by their place in an image's levels, C, H, W; all channels of a pixel together. */
    static BitSet of(String words, AutoregressiveNetwork network) throws IOException {
        ImageShape shape = network.shape();
        return switch (words) {
            case "lower" -> box(shape, shape.height() / 2, 0, shape.height(), shape.width());
            case "upper" -> box(shape, 0, 0, shape.height() / 2, shape.width());
            default -> BOX.matcher(words).matches() ? box(shape, words) : mask(shape, Path.of(words));
        };
    }

    private static BitSet box(ImageShape shape, String words) {
        int[] box = Arrays.stream(words.split(",")).mapToInt(Integer::parseInt).toArray();
        int bottom = box[0] + box[2];
        int right = box[1] + box[3];
        if (box[2] == 0 || box[3] == 0 || bottom > shape.height() || right > shape.width()) {
            throw new IllegalArgumentException(
                    "--missing: expected TOP,LEFT,HEIGHT,WIDTH of a box inside %d×%d pixels, found %s"
                            .formatted(shape.height(), shape.width(), words));
        }
        return box(shape, box[0], box[1], bottom, right);
    }

    private static BitSet box(ImageShape shape, int top, int left, int bottom, int right) {
        BitSet free = new BitSet();
        for (int channel = 0; channel < shape.channels(); channel++) {
            for (int row = top; row < bottom; row++) {
                int line = (channel * shape.height() + row) * shape.width();
                free.set(line + left, line + right);
            }
        }
        return free;
    }

    private static BitSet mask(ImageShape shape, Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new DataException(
                    "--missing: expected lower, upper, TOP,LEFT,HEIGHT,WIDTH or an image file, found " + file);
        }
        Pixels pixels;
        try {
            pixels = new ImageDecoder(ImageLimits.defaults()).decode(Files.readAllBytes(file));
        } catch (UnreadableImageException e) {
            throw new DataException(file + ": " + e.getMessage());
        }
        if (pixels.height() != shape.height() || pixels.width() != shape.width()) {
            throw new DataException("%s: expected %d×%d pixels, found %d×%d"
                    .formatted(file, shape.height(), shape.width(), pixels.height(), pixels.width()));
        }
        BitSet free = new BitSet();
        int area = shape.height() * shape.width();
        for (int i = 0; i < pixels.data().length; i++) {
            if (pixels.data()[i] != 0) {
                for (int channel = 0; channel < shape.channels(); channel++) {
                    free.set(channel * area + i / pixels.channels());
                }
            }
        }
        return free;
    }
}
