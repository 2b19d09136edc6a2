package io.surprisal.training.data;

import io.surprisal.detector.quantise.Levels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A data set on disk, its format found from the names of its files: IDX ({@code train-images-idx3-ubyte}, {@code t10k-…}), CIFAR
 * binary ({@code data_batch_*.bin}, {@code test_batch.bin}), each plain or with {@code .gz}, or image files under {@code train/}
 * and {@code test/}.
 *
 * @param name the folder's name
 * @param train all images meant for training, before any split
 * @param test images kept for the end; never used to train, to stop, or to calibrate
 */
public record DataFolder(String name, ImageSet train, ImageSet test) {

    /** @throws DataException when the folder holds no data set, or a broken one; says what was expected and found */
    public static DataFolder open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + ": expected a folder with a data set, found "
                    + (Files.exists(folder) ? "a file" : "nothing"));
        }
        String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
        if (has(folder, "train-images-idx3-ubyte")) {
            return new DataFolder(name, idx(name + "/train", folder, "train"), idx(name + "/test", folder, "t10k"));
        }
        if (has(folder, "test_batch.bin")) {
            return new DataFolder(name, cifarBatches(name + "/train", folder), cifarTest(name + "/test", folder));
        }
        if (Files.isDirectory(folder.resolve("train")) && ImageFolder.holdsImages(folder.resolve("train"))) {
            return new DataFolder(
                    name,
                    ImageFolder.read(name + "/train", folder.resolve("train")),
                    ImageFolder.read(name + "/test", folder.resolve("test")));
        }
        throw new DataException(
                folder + ": expected train-images-idx3-ubyte[.gz], test_batch.bin[.gz], or folders train/ and"
                        + " test/ with PNG or JPEG files; found " + listing(folder));
    }

    /** The PNG and JPEG files under a folder. @throws DataException when there are none, or one cannot be used */
    public static ImageSet images(Path folder) throws IOException {
        return ImageFolder.read(String.valueOf(folder.getFileName()), folder);
    }

    /** The test images alone, of a folder that need not have any for training: t10k…-images-idx3-ubyte, test….bin or val….bin, each plain or with .gz. */
    public static ImageSet testImages(Path folder) throws IOException {
        String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + ": expected a folder with test images, found nothing");
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.sorted().toList();
            for (Path file : all) {
                String plain = String.valueOf(file.getFileName()).replaceFirst("\\.gz$", "");
                if (plain.startsWith("t10k") && plain.endsWith("-images-idx3-ubyte")) {
                    return ImageSet.unlabelled(name, IdxFile.images(file));
                }
                if (plain.matches("(test|val).*\\.bin")) {
                    return ImageSet.unlabelled(
                            name, CifarRecords.read(name, file).images());
                }
            }
        }
        throw new DataException(
                folder + ": expected t10k…-images-idx3-ubyte, test….bin or val….bin, found " + listing(folder));
    }

    private static ImageSet idx(String name, Path folder, String prefix) throws IOException {
        Levels images = IdxFile.images(find(folder, prefix + "-images-idx3-ubyte"));
        String labels = prefix + "-labels-idx1-ubyte";
        return new ImageSet(name, images, has(folder, labels) ? IdxFile.labels(find(folder, labels)) : null);
    }

    private static ImageSet cifarBatches(String name, Path folder) throws IOException {
        List<ImageSet> batches = new ArrayList<>();
        for (int i = 1; has(folder, "data_batch_" + i + ".bin"); i++) {
            batches.add(CifarRecords.read(name, find(folder, "data_batch_" + i + ".bin")));
        }
        if (batches.isEmpty()) {
            throw new DataException(folder + ": expected data_batch_1.bin[.gz], found " + listing(folder));
        }
        IntStream labels = batches.stream().flatMapToInt(b -> Arrays.stream(Objects.requireNonNull(b.labels())));
        Levels images = Levels.concat(batches.stream().map(ImageSet::images).toList());
        return new ImageSet(name, images, labels.toArray());
    }

    private static ImageSet cifarTest(String name, Path folder) throws IOException {
        return CifarRecords.read(name, find(folder, "test_batch.bin"));
    }

    private static boolean has(Path folder, String file) {
        return Files.exists(folder.resolve(file)) || Files.exists(folder.resolve(file + ".gz"));
    }

    private static Path find(Path folder, String file) throws DataException {
        Path plain = folder.resolve(file);
        Path zipped = folder.resolve(file + ".gz");
        if (Files.exists(plain)) {
            return plain;
        }
        if (Files.exists(zipped)) {
            return zipped;
        }
        throw new DataException(folder + ": expected " + file + "[.gz], found " + listing(folder));
    }

    private static String listing(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(p -> String.valueOf(p.getFileName()))
                    .sorted()
                    .limit(8)
                    .toList();
            return names.isEmpty() ? "an empty folder" : String.join(", ", names);
        } catch (IOException e) {
            return "an unreadable folder (" + e.getMessage() + ")";
        }
    }
}
