package io.surprisal.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    private static final Path SHARED = Path.of("../../../shared/data");

    @TempDir
    Path folder;

    @Test
    void idxFilesAreReadPlainAndZipped() throws IOException {
        byte[] pixels = {0, 1, 2, 3, 4, (byte) 255};
        writeIdx("train-images-idx3-ubyte", false, 0x803, new int[] {1, 2, 3}, pixels);
        writeIdx("train-labels-idx1-ubyte", false, 0x801, new int[] {1}, new byte[] {9});
        writeIdx("t10k-images-idx3-ubyte.gz", true, 0x803, new int[] {1, 2, 3}, pixels);
        DataFolder data = DataFolder.open(folder);
        assertThat(data.train().images().shape()).isEqualTo(new ImageShape(1, 2, 3));
        assertThat(data.train().images().data()).isEqualTo(pixels);
        assertThat(data.train().labels()).containsExactly(9);
        assertThat(data.test().images().data()).isEqualTo(pixels);
        assertThat(data.test().labels()).isNull();
    }

    @Test
    void anIdxFileCutShortSaysHowMuchIsMissing() throws IOException {
        writeIdx("train-images-idx3-ubyte", false, 0x803, new int[] {2, 2, 3}, new byte[7]);
        assertThatThrownBy(() -> DataFolder.open(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("expected 12 bytes after the header, found 7");
    }

    @Test
    void aFolderWithoutADataSetSaysWhatWasExpectedAndFound() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "");
        assertThatThrownBy(() -> DataFolder.open(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("train-images-idx3-ubyte")
                .hasMessageContaining("found notes.txt");
        assertThatThrownBy(() -> DataFolder.open(folder.resolve("nowhere")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("found nothing");
    }

    @Test
    void foldersOfImageFilesAreReadInTheOrderOfTheirPaths() throws IOException {
        Levels images = Levels.of(new ImageShape(3, 2, 2), 256, 2, random(24));
        for (String part : new String[] {"train", "test"}) {
            PngFiles.write(images, 0, folder.resolve(part).resolve("cats/1.png"));
            PngFiles.write(images, 1, folder.resolve(part).resolve("dogs/1.png"));
        }
        assertThat(DataFolder.open(folder).train().images().data()).isEqualTo(images.data());
    }

    @Test
    void oneBrokenImageAndOneOfAnotherSizeAreNamed() throws IOException {
        Levels images = Levels.of(new ImageShape(1, 2, 2), 256, 1, random(4));
        PngFiles.write(images, 0, folder.resolve("a.png"));
        Files.write(folder.resolve("b.png"), random(50));
        PngFiles.write(Levels.of(new ImageShape(1, 3, 3), 256, 1, random(9)), 0, folder.resolve("c.png"));
        assertThatThrownBy(() -> DataFolder.images(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("2 of 3 images cannot be used")
                .hasMessageContaining("b.png")
                .hasMessageContaining("c.png");
    }

    @Test
    void cifarRecordsAreReadPlaneByPlane() throws IOException {
        byte[] record = random(3073);
        record[0] = 7;
        Files.write(folder.resolve("data_batch_1.bin"), record);
        Files.write(folder.resolve("test_batch.bin"), record);
        DataFolder data = DataFolder.open(folder);
        assertThat(data.train().labels()).containsExactly(7);
        assertThat(data.train().images().data()[1024]).isEqualTo(record[1 + 1024]);
        Files.write(folder.resolve("test_batch.bin"), random(3000));
        assertThatThrownBy(() -> DataFolder.open(folder)).hasMessageContaining("multiple of 3073 bytes");
    }

    @Test
    void theSplitsOfFashionMnistAreDisjointAndMatchThePublishedMean() throws IOException {
        Path fashion = SHARED.resolve("fashion-mnist");
        assumeThat(fashion).as("the shared data sets are beside the checkout").isDirectory();
        DataFolder data = DataFolder.open(fashion);
        // 0.2860: the mean that the data sets' README gives for these files.
        double sum = 0;
        for (byte b : data.train().images().data()) {
            sum += Byte.toUnsignedInt(b);
        }
        assertThat(sum / data.train().images().data().length / 255).isBetween(0.28595, 0.28605);
        Split split = Split.of(data.train(), 2_000, 10_000, 1);
        assertThat(split.training().size()).isEqualTo(48_000);
        assertThat(split.calibration().sha256()).isNotEqualTo(split.validation().sha256());
    }

    @Test
    void noImageIsInTwoPartsOfASplit() {
        byte[] data = new byte[100];
        for (int i = 0; i < 100; i++) {
            data[i] = (byte) i;
        }
        ImageSet all = ImageSet.unlabelled("numbers", Levels.of(new ImageShape(1, 1, 1), 256, 100, data));
        Split split = Split.of(all, 20, 30, 3);
        Set<Byte> seen = new HashSet<>();
        for (ImageSet part : new ImageSet[] {split.training(), split.validation(), split.calibration()}) {
            for (byte b : part.images().data()) {
                assertThat(seen.add(b)).isTrue();
            }
        }
        assertThat(seen).hasSize(100);
        assertThat(split.calibration().size()).isEqualTo(30);
    }

    private void writeIdx(String name, boolean zip, int magic, int[] sizes, byte[] values) throws IOException {
        var raw = Files.newOutputStream(folder.resolve(name));
        try (DataOutputStream out = new DataOutputStream(zip ? new GZIPOutputStream(raw) : raw)) {
            out.writeInt(magic);
            for (int size : sizes) {
                out.writeInt(size);
            }
            out.write(values);
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
