package io.surprisal.detector;

import io.surprisal.detector.bundle.Bundle;
import io.surprisal.detector.bundle.BundleWriter;
import io.surprisal.detector.bundle.GoldenImages;
import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.CalibrationSource;
import io.surprisal.detector.calibration.Cascade;
import io.surprisal.detector.calibration.CascadeFit;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.statistic.Combined;
import java.nio.file.Path;

/**
 * A bundle with a screen before its model: the images are those of {@link TinyBundle#grey}, and the screen is a {@link TinyModel} that
 * thinks neighbours less alike than they are.
 */
public record TinyCascade(TinyBundle bundle, TinyModel screen) {

    /** The share of clean images that the model sees. */
    public static final double PASSED = 0.2;

    /** The share of clean images that the screen flags by itself. */
    public static final double FLAGGED = 0.005;

    private static final int FITTING_IMAGES = 400;
    private static final int CLEAN_IMAGES = 4000;

    /** 8×8 grey, 256 levels. */
    public static TinyCascade grey() {
        TinyBundle bundle = TinyBundle.grey();
        return new TinyCascade(bundle, new TinyModel(bundle.model().shape(), 256, 0.03));
    }

    /** Writes a bundle that keeps the contract; returns the folder. */
    public Path write(Path folder, String version) {
        byte[] model = bundle.model().onnx().toByteArray();
        byte[] cheap = screen.onnx().toByteArray();
        Levels golden = bundle.clean(3, 5);
        try (OnnxDensityModel large = open(model);
                OnnxDensityModel small = open(cheap)) {
            BundleWriter.write(
                    folder,
                    bundle.manifest(version),
                    model,
                    GoldenImages.of(large, golden),
                    new Bundle.Screen(cheap, fit(large, small), GoldenImages.of(small, golden)));
        }
        return folder;
    }

    private Cascade fit(OnnxDensityModel large, OnnxDensityModel small) {
        Levels fitting = bundle.clean(FITTING_IMAGES, 3);
        CalibrationSource source = CalibrationSource.of("samples to fit to", fitting);
        CascadeFit fit = new CascadeFit(
                Calibration.fit(large, fitting, source),
                Calibration.fit(small, fitting, source).statistics());
        Levels clean = bundle.clean(CLEAN_IMAGES, 4);
        Conditionals screened = small.evaluate(clean);
        fit.add(screened, large.evaluate(clean));
        return fit.cascade(CalibrationSource.of("samples", clean), Combined.NAME, PASSED, FLAGGED);
    }

    private OnnxDensityModel open(byte[] onnx) {
        return OnnxDensityModel.of(onnx, screen.shape(), screen.levels(), SessionSettings.defaults());
    }
}
