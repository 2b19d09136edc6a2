package io.surprisal.detector;

import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.bundle.BundleManifest.SplitBits;
import io.surprisal.detector.bundle.BundleManifest.TrainingData;
import io.surprisal.detector.bundle.BundleWriter;
import io.surprisal.detector.bundle.GoldenImages;
import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.CalibrationSource;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.imageio.ImageIO;

/**
 * A complete bundle around a {@link TinyModel}, for tests that need one that loads, and for tests that need one that
 * must not. Calibrated on 400 samples of the model, so that every statistic can be tested at a false-positive rate of 1
 * %.
 *
 * <p>{@link #clean} images are accepted (but for the share the rate allows), {@link #noise} is flagged by every
 * statistic.
 *
 * @param name of the bundle
 * @param model behind it
 */
public record TinyBundle(String name, TinyModel model) {

    private static final int CLEAN_IMAGES = 400;
    private static final long CALIBRATION_SEED = 1;
    private static final long GOLDEN_SEED = 2;

    /** 8×8 grey, 256 levels. */
    public static TinyBundle grey() {
        return new TinyBundle("tiny-grey", new TinyModel(new ImageShape(1, 8, 8), 256, 0.1));
    }

    /** 6×5 (width × height) RGB, 256 levels. */
    public static TinyBundle rgb() {
        return new TinyBundle("tiny-rgb", new TinyModel(new ImageShape(3, 5, 6), 256, 0.1));
    }

    /** Writes a bundle that keeps the contract; returns the folder. */
    public Path write(Path folder) {
        return write(folder, "1");
    }

    /** As {@link #write(Path)}, with a version of its own. */
    public Path write(Path folder, String version) {
        return write(folder, version, Parts.of(model).onnx());
    }

    /** Writes a bundle that breaks the contract in one way; returns the folder. */
    public Path write(Path folder, TinyFault fault) {
        write(folder, "1", fault.inModelOf(model.onnx()).toByteArray());
        fault.inFolder(folder);
        return folder;
    }

    private Path write(Path folder, String version, byte[] onnx) {
        Parts parts = Parts.of(model);
        BundleWriter.write(folder, manifest(version), onnx, parts.calibration(), parts.golden());
        return folder;
    }

    BundleManifest manifest(String version) {
        return new BundleManifest(
                name,
                version,
                "markov-chain",
                Map.of("stickiness", model.stickiness()),
                model.shape(),
                model.levels(),
                BundleManifest.RASTER,
                new SplitBits(4.5, 4.5, 4.5),
                new TrainingData("none", "0".repeat(64)),
                0,
                "surprisal-tests",
                Map.of());
    }

    /** Images drawn from the model. */
    public Levels clean(int count, long seed) {
        return model.sample(count, seed);
    }

    /** Images of independent, uniform levels. */
    public Levels noise(int count, long seed) {
        return model.noise(count, seed);
    }

    /** One image of a batch as a PNG file; its levels have to be 0..255. */
    public static byte[] png(Levels images, int image) {
        return file(images, image, "png");
    }

    /** One image of a batch as a JPEG file: not the same levels any more. */
    public static byte[] jpeg(Levels images, int image) {
        return file(images, image, "jpeg");
    }

    private static byte[] file(Levels images, int image, String format) {
        ImageShape shape = images.shape();
        boolean grey = shape.channels() == 1;
        BufferedImage picture = new BufferedImage(
                shape.width(), shape.height(), grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        int area = shape.height() * shape.width();
        for (int position = 0; position < area; position++) {
            for (int channel = 0; channel < shape.channels(); channel++) {
                int level = Byte.toUnsignedInt(images.data()[image * shape.dimensions() + channel * area + position]);
                picture.getRaster().setSample(position % shape.width(), position / shape.width(), channel, level);
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, format, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** What is the same in each bundle around a model, faulty ones too; made once. */
    private record Parts(byte[] onnx, Calibration calibration, GoldenImages golden) {

        private static final Map<TinyModel, Parts> MADE = new ConcurrentHashMap<>();

        static Parts of(TinyModel model) {
            return MADE.computeIfAbsent(model, Parts::make);
        }

        private static Parts make(TinyModel model) {
            byte[] onnx = model.onnx().toByteArray();
            Levels clean = model.sample(CLEAN_IMAGES, CALIBRATION_SEED);
            try (OnnxDensityModel density =
                    OnnxDensityModel.of(onnx, model.shape(), model.levels(), SessionSettings.defaults())) {
                return new Parts(
                        onnx,
                        Calibration.fit(density, clean, CalibrationSource.of("samples", clean)),
                        GoldenImages.of(density, model.sample(3, GOLDEN_SEED)));
            }
        }
    }
}
