package io.surprisal.detector.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.surprisal.detector.TinyModel;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.quantise.ImageShape;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Files of bundles to start from when looking for one that does harm, and what harm is. */
final class HostileBundles {
    /** 4×4 grey, 4 levels: its files have a few thousand bytes, of which a fuzzer can change all that matter. */
    static final TinyModel MODEL = new TinyModel(new ImageShape(1, 4, 4), 4, 0.5);

    private HostileBundles() {}

    /** What the model says of images it has drawn. */
    static Conditionals evaluated(int images, long seed) {
        try (OnnxDensityModel model = OnnxDensityModel.of(
                MODEL.onnx().toByteArray(), MODEL.shape(), MODEL.levels(), SessionSettings.defaults())) {
            return model.evaluate(MODEL.sample(images, seed));
        }
    }

    /**
     * What is read holds, or is refused in the two ways that {@link Bundle#load} knows, and says why.
     *
     * @param holds what has to be true of what is read
     */
    static <T> void examine(Supplier<T> reader, Consumer<T> holds) {
        T read;
        try {
            read = reader.get();
        } catch (IllegalArgumentException | BundleException e) {
            assertThat(e).message().isNotBlank();
            return;
        }
        holds.accept(read);
    }
}
