package io.surprisal.training.weights;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surprisal.training.weights.Safetensors.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Map<String, Entry> tensors = new LinkedHashMap<>();
        tensors.put("a.weight", new Entry(new long[] {2, 3}, new float[] {1, -2, 3.5f, Float.MIN_VALUE, 5, 6}));
        tensors.put("a.bias", Entry.vector(new float[] {7}));
        Path file = folder.resolve("weights.safetensors");
        new Safetensors(Map.of("seed", "1"), tensors).write(file);

        Safetensors read = Safetensors.read(file);
        assertThat(read.metadata()).containsEntry("seed", "1");
        assertThat(read.tensors().keySet()).containsExactly("a.weight", "a.bias");
        assertThat(read.values("a.weight")).isEqualTo(tensors.get("a.weight").values());
        assertThat(requireNonNull(read.tensors().get("a.weight")).shape()).containsExactly(2, 3);
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    /** The layout the format's specification gives, byte for byte, so that other programs read our files. */
    @Test
    void theFileHasTheLayoutOfTheSpecification() throws IOException {
        Path file = folder.resolve("one.safetensors");
        new Safetensors(Map.of(), Map.of("x", Entry.vector(new float[] {1.5f}))).write(file);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(bytes.getLong());
        byte[] text = new byte[header];
        bytes.get(text);
        assertThat(new String(text, StandardCharsets.UTF_8).strip())
                .isEqualTo("{\"__metadata__\":{},\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}");
        assertThat(header % 8).isZero();
        assertThat(bytes.getFloat()).isEqualTo(1.5f);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void aFileCutShortIsRefused() throws IOException {
        Path file = folder.resolve("whole.safetensors");
        new Safetensors(Map.of(), Map.of("x", Entry.vector(new float[100]))).write(file);
        byte[] bytes = Files.readAllBytes(file);
        for (int length : new int[] {0, 7, 8, 20, bytes.length - 1}) {
            Path cut = folder.resolve("cut.safetensors");
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> Safetensors.read(cut))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is not a safetensors file");
        }
    }
}
