package io.surprisal.training.data;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** IDX files of unsigned bytes, as MNIST and its successors use them; plain or gzip. */
final class IdxFile {
    private static final int IMAGES = 0x00000803;
    private static final int LABELS = 0x00000801;
    private static final long MAXIMAL_BYTES = Integer.MAX_VALUE - 16;

    private IdxFile() {}

    /** Grey images of 256 levels. */
    static Levels images(Path file) throws IOException {
        try (DataInputStream in = open(file)) {
            requireMagic(file, in, IMAGES);
            int count = in.readInt();
            int rows = in.readInt();
            int columns = in.readInt();
            if (count < 1 || rows < 1 || columns < 1 || (long) count * rows * columns > MAXIMAL_BYTES) {
                throw new DataException("%s: header claims %d images of %d×%d".formatted(file, count, rows, columns));
            }
            byte[] data = readFully(file, in, count * rows * columns);
            return Levels.of(new ImageShape(1, rows, columns), 256, count, data);
        }
    }

    static int[] labels(Path file) throws IOException {
        try (DataInputStream in = open(file)) {
            requireMagic(file, in, LABELS);
            byte[] data = readFully(file, in, in.readInt());
            int[] labels = new int[data.length];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = Byte.toUnsignedInt(data[i]);
            }
            return labels;
        }
    }

    private static DataInputStream open(Path file) throws IOException {
        InputStream raw = Files.newInputStream(file);
        return new DataInputStream(new BufferedInputStream(
                file.getFileName().toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw));
    }

    private static void requireMagic(Path file, DataInputStream in, int expected) throws IOException {
        int found = in.readInt();
        if (found != expected) {
            throw new DataException("%s: expected IDX magic 0x%08x, found 0x%08x".formatted(file, expected, found));
        }
    }

    private static byte[] readFully(Path file, InputStream in, int size) throws IOException {
        byte[] data = in.readNBytes(size);
        if (data.length != size) {
            throw new DataException(
                    "%s: expected %d bytes after the header, found %d".formatted(file, size, data.length));
        }
        return data;
    }
}
