package io.surprisal.evaluation.cli;

import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A data set in IDX files: samples of a tiny model, labelled by whether they are brighter than the middle grey. */
final class TinyData {
    private TinyData() {}

    static Path write(TinyBundle bundle, int train, int test, Path folder) throws IOException {
        Files.createDirectories(folder);
        write(bundle.clean(train, 101), folder, "train");
        write(bundle.clean(test, 102), folder, "t10k");
        return folder;
    }

    private static void write(Levels images, Path folder, String prefix) throws IOException {
        ImageShape shape = images.shape();
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(pixels);
        out.writeInt(0x803);
        out.writeInt(images.count());
        out.writeInt(shape.height());
        out.writeInt(shape.width());
        out.write(images.data());
        ByteArrayOutputStream labels = new ByteArrayOutputStream();
        DataOutputStream labelsOut = new DataOutputStream(labels);
        labelsOut.writeInt(0x801);
        labelsOut.writeInt(images.count());
        for (int i = 0; i < images.count(); i++) {
            labelsOut.write(isBright(images, i) ? 1 : 0);
        }
        Files.write(folder.resolve(prefix + "-images-idx3-ubyte"), pixels.toByteArray());
        Files.write(folder.resolve(prefix + "-labels-idx1-ubyte"), labels.toByteArray());
    }

    private static boolean isBright(Levels images, int image) {
        int size = images.shape().dimensions();
        long sum = 0;
        for (int i = image * size; i < (image + 1) * size; i++) {
            sum += Byte.toUnsignedInt(images.data()[i]);
        }
        return sum > 127L * size;
    }
}
