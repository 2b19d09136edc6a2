package io.surprisal.training.bundle;

import io.surprisal.detector.bundle.Bundle;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.bundle.BundleWriter;
import io.surprisal.detector.bundle.GoldenImages;
import io.surprisal.detector.bundle.UnfinishedBundle;
import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.CalibrationSource;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.quantise.Quantiser;
import io.surprisal.training.data.DataException;
import io.surprisal.training.data.ImageSet;
import io.surprisal.training.onnx.CausalityCheck;
import io.surprisal.training.onnx.ConditionalsCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.DoubleConsumer;

/** A bundle calibrated anew, on images from where it is used; or for the first time, around a model made elsewhere. */
public final class Recalibration {
    private static final int QUARTILES = 3;

    private Recalibration() {}

    /**
     * Writes the bundle with the new calibration.
     *
     * @param target may be the bundle itself
     * @throws DataException when the images are not of the model's shape
     * @throws io.surprisal.training.onnx.ExportRefusedException when a model made elsewhere is not what its folder says
     * @throws io.surprisal.detector.bundle.BundleException when the bundle breaks its contract
     */
    public static void write(Path folder, ImageSet clean, Path target, int threads, DoubleConsumer progress)
            throws IOException {
        if (UnfinishedBundle.isIn(folder)) {
            finish(UnfinishedBundle.load(folder), clean, target, threads, progress);
        } else {
            renew(Bundle.load(folder), clean, target, threads, progress);
        }
    }

    private static void renew(Bundle bundle, ImageSet clean, Path target, int threads, DoubleConsumer progress)
            throws IOException {
        if (bundle.screen().isPresent()) {
            Screening.renew(bundle, clean, target, threads, progress);
            return;
        }
        Levels images = quantised(bundle.manifest(), clean);
        try (OnnxDensityModel model = open(bundle.manifest(), bundle.model())) {
            Calibration calibration = calibration(model, clean, images, threads, progress);
            BundleWriter.write(target, bundle.manifest(), bundle.model(), calibration, bundle.golden());
        }
    }

    /**
     * A model made elsewhere has no parity to show, so that what it says is tried: that it keeps to its order, and that its conditionals are
     * distributions.
     */
    private static void finish(
            UnfinishedBundle bundle, ImageSet clean, Path target, int threads, DoubleConsumer progress)
            throws IOException {
        BundleManifest manifest = bundle.manifest();
        Levels images = quantised(manifest, clean);
        try (OnnxDensityModel model = open(manifest, bundle.model())) {
            CausalityCheck.of(model, manifest.dimensionOrder(), images, manifest.seed());
            ConditionalsCheck.of(model, manifest.dimensionOrder(), images, manifest.seed());
            Calibration calibration = calibration(model, clean, images, threads, progress);
            GoldenImages golden = GoldenImages.of(model, quartiles(images));
            BundleWriter.write(target, manifest, bundle.model(), calibration, golden);
        }
    }

    /**
     * Golden images for a model that cannot be sampled from: at each dimension the quartiles of the clean images, which are like none of
     * them and give none of them away.
     */
    private static Levels quartiles(Levels images) {
        int dimensions = images.shape().dimensions();
        byte[] data = new byte[QUARTILES * dimensions];
        int[] values = new int[images.count()];
        for (int i = 0; i < dimensions; i++) {
            for (int image = 0; image < values.length; image++) {
                values[image] = Byte.toUnsignedInt(images.data()[image * dimensions + i]);
            }
            Arrays.sort(values);
            for (int quartile = 0; quartile < QUARTILES; quartile++) {
                data[quartile * dimensions + i] = (byte) values[(quartile + 1) * (values.length - 1) / (QUARTILES + 1)];
            }
        }
        return Levels.of(images.shape(), images.levels(), QUARTILES, data);
    }

    static Levels quantised(BundleManifest manifest, ImageSet clean) throws DataException {
        if (!clean.images().shape().equals(manifest.shape())) {
            throw new DataException("expected images of " + manifest.shape() + " for " + manifest.name() + ", found "
                    + clean.images().shape());
        }
        return new Quantiser(manifest.shape(), manifest.levels()).quantise(clean.images());
    }

    static OnnxDensityModel open(BundleManifest manifest, byte[] model) {
        return OnnxDensityModel.of(model, manifest.shape(), manifest.levels(), SessionSettings.defaults());
    }

    private static Calibration calibration(
            OnnxDensityModel model, ImageSet clean, Levels images, int threads, DoubleConsumer progress) {
        return Calibration.fit(
                new Evaluations(model, threads).of(images, progress), CalibrationSource.of(clean.name(), images));
    }
}
