package io.surprisal.training.weights;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file of named float tensors with string metadata, in the <a href="https://github.com/huggingface/safetensors">safetensors</a>
 * format: an 8-byte little-endian length, a JSON header, then the values. Only the type F32 is read and written.
 *
 * @param metadata free text by key
 * @param tensors values and shapes by name, in file order
 */
public record Safetensors(Map<String, String> metadata, Map<String, Entry> tensors) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAXIMAL_HEADER = 100_000_000;

    /** One tensor: shape and values, row by row. */
    @SuppressWarnings(
            "ArrayRecordComponent") // compared by no one; a copy of every vector on every read would be the only use
    public record Entry(long[] shape, float[] values) {
        public Entry {
            long size = 1;
            for (long n : shape) {
                size = Math.multiplyExact(size, n);
            }
            if (size != values.length) {
                throw new IllegalArgumentException("shape holds " + size + " values, found " + values.length);
            }
        }

        public static Entry vector(float[] values) {
            return new Entry(new long[] {values.length}, values);
        }
    }

    /** The values of one tensor. @throws IllegalArgumentException when the file has none of that name */
    public float[] values(String name) {
        Entry entry = tensors.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("expected a tensor " + name + ", found " + tensors.keySet());
        }
        return entry.values();
    }

    /** Writes beside the target and renames, so that a full disk or a kill never leaves half a file under the old name. */
    public void write(Path file) throws IOException {
        ByteBuffer bytes = encode();
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (var channel = Files.newByteChannel(
                temporary,
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.TRUNCATE_EXISTING,
                java.nio.file.StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private ByteBuffer encode() {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode meta = header.putObject("__metadata__");
        metadata.forEach(meta::put);
        int offset = 0;
        for (Map.Entry<String, Entry> tensor : tensors.entrySet()) {
            ObjectNode node = header.putObject(tensor.getKey());
            node.put("dtype", "F32");
            var shape = node.putArray("shape");
            for (long n : tensor.getValue().shape()) {
                shape.add(n);
            }
            int end = Math.addExact(
                    offset, Math.multiplyExact(4, tensor.getValue().values().length));
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (text.length + 7) / 8 * 8; // the format asks for aligned data, filled up with spaces
        ByteBuffer bytes = ByteBuffer.allocate(8 + padded + offset).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(padded).put(text);
        while (bytes.position() < 8 + padded) {
            bytes.put((byte) ' ');
        }
        tensors.values().forEach(t -> {
            bytes.asFloatBuffer().put(t.values());
            bytes.position(bytes.position() + 4 * t.values().length);
        });
        return bytes.flip();
    }

    /** @throws IOException when the file cannot be read or is not a safetensors file of 32-bit floats */
    public static Safetensors read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        try {
            return decode(bytes);
        } catch (JacksonException | RuntimeException e) {
            throw new IOException(file + " is not a safetensors file of 32-bit floats: " + e.getMessage(), e);
        }
    }

    private static Safetensors decode(ByteBuffer bytes) throws JacksonException {
        long length = bytes.getLong();
        if (!(length >= 2 && length <= Math.min(MAXIMAL_HEADER, bytes.remaining()))) {
            throw new IllegalArgumentException("header of " + length + " bytes in a file of " + bytes.capacity());
        }
        byte[] text = new byte[(int) length];
        bytes.get(text);
        JsonNode header = JSON.readTree(new String(text, StandardCharsets.UTF_8));
        ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, Entry> tensors = new LinkedHashMap<>();
        header.properties().forEach(field -> {
            if (field.getKey().equals("__metadata__")) {
                field.getValue()
                        .properties()
                        .forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
            } else {
                tensors.put(field.getKey(), entry(field.getKey(), field.getValue(), data));
            }
        });
        return new Safetensors(metadata, tensors);
    }

    private static Entry entry(String name, JsonNode node, ByteBuffer data) {
        if (!node.path("dtype").asText().equals("F32")) {
            throw new IllegalArgumentException("tensor " + name + ": expected F32, found " + node.path("dtype"));
        }
        JsonNode dimensions = node.path("shape");
        long[] shape = new long[dimensions.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = dimensions.get(i).asLong();
        }
        int from = node.path("data_offsets").path(0).asInt();
        int to = node.path("data_offsets").path(1).asInt();
        float[] values = new float[(to - from) / 4];
        data.slice(from, to - from)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return new Entry(shape, values);
    }
}
