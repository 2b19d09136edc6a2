package io.surprisal.training.data;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** CIFAR-10 binary records: a label byte, then 32×32 red, green and blue planes; plain or gzip. */
final class CifarRecords {
    private static final ImageShape SHAPE = new ImageShape(3, 32, 32);
    private static final int RECORD = 1 + SHAPE.dimensions();

    private CifarRecords() {}

    static ImageSet read(String name, Path file) throws IOException {
        byte[] bytes;
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = file.getFileName().toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
            bytes = in.readAllBytes();
        }
        if (bytes.length == 0 || bytes.length % RECORD != 0) {
            throw new DataException(file + ": expected a multiple of " + RECORD
                    + " bytes (CIFAR binary records), found " + bytes.length);
        }
        int count = bytes.length / RECORD;
        int[] labels = new int[count];
        byte[] data = new byte[count * SHAPE.dimensions()];
        for (int i = 0; i < count; i++) {
            labels[i] = Byte.toUnsignedInt(bytes[i * RECORD]);
            System.arraycopy(bytes, i * RECORD + 1, data, i * SHAPE.dimensions(), SHAPE.dimensions());
        }
        return new ImageSet(name, Levels.of(SHAPE, 256, count, data), labels);
    }
}
