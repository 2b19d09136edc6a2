package io.surprisal.training.bundle;

import io.surprisal.detector.bundle.Bundle;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.bundle.BundleWriter;
import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.CalibrationSource;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.quantise.Quantiser;
import io.surprisal.training.data.DataException;
import io.surprisal.training.data.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.DoubleConsumer;

/** A bundle calibrated anew, on images from where it is used. */
public final class Recalibration {
    private Recalibration() {}

    /**
     * Writes the bundle with the new calibration.
     *
     * @param target may be the bundle itself
     * @return the new calibration
     * @throws DataException when the images are not of the model's shape
     * @throws io.surprisal.detector.bundle.BundleException when the bundle breaks its contract
     */
    public static Calibration write(Path folder, ImageSet clean, Path target, int threads, DoubleConsumer progress)
            throws IOException {
        Bundle bundle = Bundle.load(folder);
        BundleManifest manifest = bundle.manifest();
        if (!clean.images().shape().equals(manifest.shape())) {
            throw new DataException("expected images of " + manifest.shape() + " for " + folder + ", found "
                    + clean.images().shape());
        }
        Levels images = new Quantiser(manifest.shape(), manifest.levels()).quantise(clean.images());
        try (OnnxDensityModel model =
                OnnxDensityModel.of(bundle.model(), manifest.shape(), manifest.levels(), SessionSettings.defaults())) {
            Calibration calibration = Calibration.fit(
                    new Evaluations(model, threads).of(images, progress), CalibrationSource.of(clean.name(), images));
            BundleWriter.write(target, manifest, bundle.model(), calibration, bundle.golden());
            return calibration;
        }
    }
}
