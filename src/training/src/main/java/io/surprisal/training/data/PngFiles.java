package io.surprisal.training.data;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Images to PNG files. Fewer than 256 levels are stretched to 0..255. */
public final class PngFiles {
    private PngFiles() {}

    /** One file, its folder made if need be. */
    public static void write(Levels images, int image, Path file) throws IOException {
        ImageShape s = images.shape();
        write(picture(images, image, new BufferedImage(s.width(), s.height(), type(s)), 0, 0), file);
    }

    /** A sheet of all images, row by row, with a pixel between them. */
    public static void writeSheet(Levels images, int columns, Path file) throws IOException {
        ImageShape s = images.shape();
        int rows = (images.count() + columns - 1) / columns;
        BufferedImage sheet = new BufferedImage(columns * (s.width() + 1) - 1, rows * (s.height() + 1) - 1, type(s));
        for (int i = 0; i < images.count(); i++) {
            picture(images, i, sheet, i % columns * (s.width() + 1), i / columns * (s.height() + 1));
        }
        write(sheet, file);
    }

    /** The value of 0..255 that a level is written as. */
    public static int value(int level, int levels) {
        return (level * 255 + (levels - 1) / 2) / (levels - 1);
    }

    private static int type(ImageShape s) {
        return s.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
    }

    private static void write(BufferedImage picture, Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        if (!ImageIO.write(picture, "png", file.toFile())) {
            throw new IOException("this Java cannot write PNG files");
        }
    }

    private static BufferedImage picture(Levels images, int image, BufferedImage target, int left, int top) {
        ImageShape s = images.shape();
        int plane = s.height() * s.width();
        int[] samples = new int[plane];
        for (int channel = 0; channel < s.channels(); channel++) {
            int from = (image * s.channels() + channel) * plane;
            for (int i = 0; i < plane; i++) {
                int level = Byte.toUnsignedInt(images.data()[from + i]);
                samples[i] = value(level, images.levels());
            }
            target.getRaster().setSamples(left, top, s.width(), s.height(), channel, samples);
        }
        return target;
    }
}
