package io.surprisal.training.bundle;

import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.bundle.BundleManifest.SplitBits;
import io.surprisal.detector.bundle.BundleManifest.TrainingData;
import io.surprisal.detector.bundle.BundleWriter;
import io.surprisal.detector.bundle.GoldenImages;
import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.CalibrationSource;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.data.DataException;
import io.surprisal.training.data.DataFolder;
import io.surprisal.training.data.ImageSet;
import io.surprisal.training.data.PngFiles;
import io.surprisal.training.data.Reduction;
import io.surprisal.training.data.Split;
import io.surprisal.training.density.AutoregressiveNetwork;
import io.surprisal.training.density.Background;
import io.surprisal.training.density.FittedNetwork;
import io.surprisal.training.density.Sampler;
import io.surprisal.training.onnx.CausalityCheck;
import io.surprisal.training.onnx.Int8;
import io.surprisal.training.onnx.ModelPrecision;
import io.surprisal.training.onnx.OnnxExport;
import io.surprisal.training.onnx.ParityCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A trained model to a bundle: exported, compared with libtorch, calibrated on the split kept for that, measured on the others,
 * described. The bundle is written last, so that a refused export leaves the old one as it was.
 */
public final class Export {
    private static final int PARITY_IMAGES = 256;
    private static final int GOLDEN_IMAGES = 4;
    private static final int SHEET_IMAGES = 16;
    private static final int TRAINING_IMAGES_MEASURED = 5_000;
    private static final int SHEET_COLUMNS = 16;

    private final TrainedModel trained;
    private final FittedNetwork fitted;
    private final @Nullable TrainedBackground background;
    private final ModelPrecision precision;
    private final int threads;
    private final ExportProgress progress;

    /** Told what is being done, and how far it is, 0..1. */
    @FunctionalInterface
    public interface ExportProgress {
        void step(String what, double share);
    }

    /** @param background of the likelihood ratio that the bundle is to have, or {@code null} */
    public Export(
            TrainedModel trained,
            @Nullable TrainedBackground background,
            ModelPrecision precision,
            int threads,
            ExportProgress progress) {
        this.trained = trained;
        this.fitted = trained.fitted();
        this.background = background;
        this.precision = precision;
        this.threads = threads;
        this.progress = progress;
    }

    /**
     * What an export measured.
     *
     * @param parity of the float32 model with libtorch
     * @param int8 what became of it, or {@code null} where it stayed in float32; all else is measured on what is exported
     */
    public record Summary(
            SplitBits bitsPerDimension,
            int dimensions,
            ParityCheck parity,
            @Nullable Int8 int8,
            int modelBytes) {

        /** Mean surprisal of a whole image, for so many bits a dimension. */
        public double natsPerImage(double bits) {
            return bits * dimensions * Math.log(2);
        }
    }

    /**
     * Writes the bundle.
     *
     * @param bundle its folder; the last two parts of the path are name and version
     * @throws DataException when the data is not what the model was trained on
     * @throws io.surprisal.training.onnx.ExportRefusedException when ONNX Runtime and libtorch disagree, or the model cannot be had in
     *     the precision asked for
     */
    public Summary write(DataFolder data, Path bundle) throws IOException {
        TrainedModel.Making making = trained.making();
        requireSameData(data, making);
        Split split = Split.of(data.train(), making.validation(), making.calibration(), making.seed());
        AutoregressiveNetwork network = trained.network();
        Background ratio = background == null ? null : background.beside(fitted);
        byte[] inFloats = OnnxExport.model(
                fitted,
                ratio,
                Map.of("family", network.family(), "data", making.data(), "dataSha256", making.dataSha256()));
        Reduction reduction = trained.reduction();
        Levels validation = reduction.served(split.validation().images());
        Levels compared = validation.slice(0, Math.min(PARITY_IMAGES, validation.count()));
        ParityCheck parity = compare(inFloats, ratio, compared);
        Int8 int8 = precision == ModelPrecision.INT8
                ? Int8.of(inFloats, compared, share -> progress.step("quantising", share))
                : null;
        byte[] model = int8 == null ? inFloats : int8.model();
        try (OnnxDensityModel exported = open(model)) {
            CausalityCheck.of(exported, network.order(), compared, making.seed());
            Evaluations evaluations = new Evaluations(exported, threads);
            List<Conditionals> fitting = evaluations.of(validation, share -> progress.step("fitting", share));
            // Thresholds come from images as the detector reads them, whatever was trained on.
            Levels served = reduction.served(split.calibration().images());
            List<Conditionals> clean = evaluations.of(served, share -> progress.step("calibrating", share));
            Calibration calibration = Calibration.fit(
                    fitting, clean, CalibrationSource.of(split.calibration().name(), served));
            Map<String, double[]> bits = new LinkedHashMap<>();
            bits.put("train", measure(evaluations, split.training(), TRAINING_IMAGES_MEASURED));
            bits.put(
                    "validation",
                    reduction.measuresWhatIsServed()
                            ? Evaluations.bitsPerDimension(fitting)
                            : measure(evaluations, split.validation(), Integer.MAX_VALUE));
            bits.put("test", measure(evaluations, data.test(), Integer.MAX_VALUE));
            SplitBits means =
                    new SplitBits(mean(bits.get("train")), mean(bits.get("validation")), mean(bits.get("test")));
            Levels samples = new Sampler(network, trained.weights())
                    .sample(SHEET_IMAGES, 1, making.seed(), share -> progress.step("sampling", share));
            GoldenImages golden = GoldenImages.of(exported, samples.slice(0, GOLDEN_IMAGES));
            BundleWriter.write(bundle, manifest(bundle, means), model, calibration, golden);
            Summary summary = new Summary(means, network.shape().dimensions(), parity, int8, model.length);
            describe(bundle, summary, bits, samples);
            if (background == null) {
                TrainedBackground.remove(bundle);
            } else {
                background.write(bundle);
            }
            return summary;
        }
    }

    private ParityCheck compare(byte[] model, @Nullable Background ratio, Levels images) {
        progress.step("comparing with libtorch", 0);
        try (OnnxDensityModel exported = open(model)) {
            return ParityCheck.of(fitted, ratio, exported, images);
        }
    }

    private OnnxDensityModel open(byte[] model) {
        AutoregressiveNetwork network = trained.network();
        return OnnxDensityModel.of(model, network.shape(), network.levels(), SessionSettings.defaults());
    }

    private static void requireSameData(DataFolder data, TrainedModel.Making making) throws DataException {
        String found = data.train().sha256();
        if (!found.equals(making.dataSha256())) {
            throw new DataException("expected the data the model was trained on, " + making.data() + " with hash "
                    + making.dataSha256() + ", found " + data.name() + " with " + found
                    + ": its splits would not be the ones that were held out");
        }
    }

    private double[] measure(Evaluations evaluations, ImageSet images, int limit) {
        Levels part = trained.reduction()
                .measured(
                        images.images().slice(0, Math.min(limit, images.size())),
                        trained.making().seed());
        return Evaluations.bitsPerDimension(
                evaluations.of(part, share -> progress.step("measuring " + images.name(), share)));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private BundleManifest manifest(Path bundle, SplitBits bits) {
        Path absolute = bundle.toAbsolutePath().normalize();
        AutoregressiveNetwork network = trained.network();
        TrainedModel.Making making = trained.making();
        return new BundleManifest(
                String.valueOf(absolute.getName(absolute.getNameCount() - 2)),
                String.valueOf(absolute.getFileName()),
                network.family(),
                network.hyperparameters(),
                network.shape(),
                network.levels(),
                network.order(),
                bits,
                new TrainingData(making.data(), making.dataSha256(), making.binarise()),
                making.seed(),
                "surprisal " + making.command()
                        + (background == null && precision == ModelPrecision.FP32 ? "" : "; surprisal export")
                        + (background == null ? "" : " --background")
                        + (precision == ModelPrecision.INT8 ? " --precision int8" : ""),
                Map.of());
    }

    private void describe(Path bundle, Summary summary, Map<String, double[]> bits, Levels samples) throws IOException {
        Pictures.curve(trained.curve(), bundle.resolve("curve.png"));
        Pictures.histogram(bits, bundle.resolve("histogram.png"));
        new SampleImages(samples, trained.making().seed()).write(bundle.resolve("samples"));
        PngFiles.writeSheet(samples, SHEET_COLUMNS, bundle.resolve("samples.png"));
        Files.writeString(
                bundle.resolve("curve.csv"),
                trained.curve().toCsv(trained.network().shape().dimensions()));
        Files.writeString(bundle.resolve("README.md"), new ModelCard(trained, background, summary).text());
    }
}
