package io.surprisal.detector;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.surprisal.detector.onnx.GraphProto;
import io.surprisal.detector.onnx.ModelProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;

/** A change to a bundle: to its model before it is hashed and written, or to its folder afterwards. */
record TinyChange(Consumer<ModelProto.Builder> model, Consumer<Path> folder) {

    private static final String MANIFEST = "bundle.json";

    static TinyChange inModel(Consumer<ModelProto.Builder> change) {
        return new TinyChange(change, folder -> {});
    }

    static TinyChange inGraph(Consumer<GraphProto.Builder> change) {
        return inModel(model -> change.accept(model.getGraphBuilder()));
    }

    /** Fills a float32 initializer with one value. */
    static TinyChange table(String name, float value) {
        return inGraph(graph -> graph.getInitializerBuilderList().stream()
                .filter(tensor -> tensor.getName().equals(name))
                .forEach(tensor -> tensor.setRawData(filled(tensor.getRawData().size(), value))));
    }

    /** Changes {@code bundle.json}, which nothing hashes. */
    static TinyChange inManifest(Consumer<ObjectNode> change) {
        return inFolder(folder -> edit(folder.resolve(MANIFEST), change));
    }

    /** Changes another JSON file and writes its new hash into the manifest. */
    static TinyChange inJson(String name, Consumer<ObjectNode> change) {
        return inFolder(folder -> {
            edit(folder.resolve(name), change);
            rehash(folder, name);
        });
    }

    /** Replaces a file and writes its new hash into the manifest. */
    static TinyChange content(String name, byte[] bytes) {
        return inFolder(folder -> {
            write(folder.resolve(name), bytes);
            rehash(folder, name);
        });
    }

    /** Changes one bit of a file and no hash. */
    static TinyChange bit(String name) {
        return inFolder(folder -> {
            byte[] bytes = read(folder.resolve(name));
            bytes[bytes.length / 2] ^= 1;
            write(folder.resolve(name), bytes);
        });
    }

    static TinyChange missing(String name) {
        return inFolder(folder -> {
            try {
                Files.delete(folder.resolve(name));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static TinyChange inFolder(Consumer<Path> change) {
        return new TinyChange(model -> {}, change);
    }

    private static void rehash(Path folder, String name) {
        String hash = sha256(read(folder.resolve(name)));
        edit(folder.resolve(MANIFEST), root -> ((ObjectNode) root.get("files")).put(name, hash));
    }

    private static void edit(Path file, Consumer<ObjectNode> change) {
        ObjectMapper mapper = new ObjectMapper();
        try {
            ObjectNode root = (ObjectNode) mapper.readTree(read(file));
            change.accept(root);
            write(file, mapper.writeValueAsBytes(root));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteString filled(int bytes, float value) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            buffer.putFloat(value);
        }
        return ByteString.copyFrom(buffer.flip());
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
