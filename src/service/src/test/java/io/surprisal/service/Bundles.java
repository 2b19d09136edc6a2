package io.surprisal.service;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.TinyCascade;
import io.surprisal.detector.onnx.ModelProto;
import io.surprisal.detector.onnx.TensorProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Good bundles for the service under test: {@code tiny-grey} in versions 9 and 10, which has a card and a sample, {@code tiny-rgb}, and {@code tiny-nan}, which is
 * {@code tiny-grey} but for a NaN where white follows on black, so that it passes its golden images and fails on {@link #blackAndWhite}; and
 * {@code tiny-cascade}, which takes the same images and has a screen.
 */
public final class Bundles implements QuarkusTestResourceLifecycleManager {
    static final TinyBundle GREY = TinyBundle.grey();
    static final TinyBundle RGB = TinyBundle.rgb();

    private @Nullable Path models;

    @Override
    public Map<String, String> start() {
        try {
            Path models = Files.createTempDirectory("surprisal-bundles");
            this.models = models;
            GREY.write(directory(models, "tiny-grey", "9"), "9");
            Path newest = GREY.write(directory(models, "tiny-grey", "10"), "10");
            Files.writeString(newest.resolve("README.md"), "# tiny-grey\n");
            Files.write(Files.createDirectories(newest.resolve("samples")).resolve("clean.png"), Images.clean(0));
            RGB.write(directory(models, "tiny-rgb", "1"));
            TinyCascade cascade = TinyCascade.grey();
            new TinyCascade(new TinyBundle("tiny-cascade", GREY.model()), cascade.screen())
                    .write(directory(models, "tiny-cascade", "1"), "1");
            breakTransition(new TinyBundle("tiny-nan", GREY.model()).write(directory(models, "tiny-nan", "1")), 0, 255);
            return Map.of(
                    "surprisal.models", models.toString(),
                    "surprisal.default-model", "tiny-grey",
                    "surprisal.batch.workers", "1",
                    "surprisal.batch.queue-images", "64",
                    "surprisal.limits.body", "1M");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        TemporaryFolders.delete(models);
    }

    private static Path directory(Path models, String name, String version) throws IOException {
        return Files.createDirectories(models.resolve(name).resolve(version));
    }

    private static void breakTransition(Path bundle, int from, int to) throws IOException {
        Path file = bundle.resolve("model.onnx");
        ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
        for (TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
            if (tensor.getName().equals("log_prob_table")) {
                byte[] table = tensor.getRawData().toByteArray();
                ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN).putFloat(4 * (from * 256 + to), Float.NaN);
                tensor.setRawData(ByteString.copyFrom(table));
            }
        }
        byte[] broken = model.build().toByteArray();
        Files.write(file, broken);
        ObjectMapper json = new ObjectMapper();
        ObjectNode manifest =
                (ObjectNode) json.readTree(bundle.resolve("bundle.json").toFile());
        ((ObjectNode) manifest.get("files")).put("model.onnx", sha256(broken));
        json.writeValue(bundle.resolve("bundle.json").toFile(), manifest);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
