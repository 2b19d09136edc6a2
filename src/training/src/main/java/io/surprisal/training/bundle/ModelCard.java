package io.surprisal.training.bundle;

import io.surprisal.detector.bundle.BundleManifest.SplitBits;
import io.surprisal.training.density.AutoregressiveNetwork;
import io.surprisal.training.fit.LearningCurve;
import io.surprisal.training.onnx.Int8;
import io.surprisal.training.onnx.LikelihoodShift;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The README of a bundle (after Mitchell et al. 2019, "Model Cards for Model Reporting"). Every number is measured by the export. */
record ModelCard(TrainedModel trained, @Nullable TrainedBackground background, Export.Summary summary) {

    String text() {
        AutoregressiveNetwork network = trained.network();
        TrainedModel.Making making = trained.making();
        List<LearningCurve.Point> points = trained.curve().points();
        LearningCurve.Point last = points.getLast();
        SplitBits bits = summary.bitsPerDimension();
        return String.format(
                Locale.ROOT,
                """
                # %s, %s

                An autoregressive density model of family `%s` (%,d parameters, %,d bytes of ONNX): it gives the log-likelihood of images
                of %s with %d levels, for use as a detector of what is unlike its training data.

                Made by

                    ./surprisal %s

                | split | images | bits per dimension | nats an image |
                |---|---:|---:|---:|
                | train | the first 5,000 | %.4f | %.2f |
                | validation (early stopping) | %,d | %.4f | %.2f |
                | test (never used in training or calibration) | all | %.4f | %.2f |

                %sHyperparameters: %s. Seed %d. Training data: %s, SHA-256 of the images `%s`; %,d of them are held out to calibrate
                thresholds and %,d to decide when to stop. %,d steps, %.2f epochs, %.0f minutes of training time.
                libtorch and ONNX Runtime differ by at most %.1e nats an image on %d images.

                %s%s![Learning curve](curve.png)

                ![Histogram of bits per dimension](histogram.png)

                Images drawn from the model, dimension by dimension, temperature 1:

                ![Samples](samples.png)

                ## Intended use and limits

                A p-value says which share of held-out clean images is at least as extreme; it is not the probability that an image is
                clean. It holds for images like those of the calibration split: another camera, crop or compression needs a calibration
                of its own. An attacker who knows the model and optimises against it gets past a likelihood detector (Athalye 2018,
                Bryniarski 2021).
                """,
                making.data(),
                network.family(),
                network.family(),
                network.parameters().size(),
                summary.modelBytes(),
                network.shape(),
                network.levels(),
                making.command(),
                bits.train(),
                summary.natsPerImage(bits.train()),
                making.validation(),
                bits.validation(),
                summary.natsPerImage(bits.validation()),
                bits.test(),
                summary.natsPerImage(bits.test()),
                whatWasDone(),
                network.hyperparameters(),
                making.seed(),
                making.data(),
                making.dataSha256(),
                making.calibration(),
                making.validation(),
                last.step(),
                last.epoch(),
                last.seconds() / 60,
                summary.parity().largestNats(),
                summary.parity().images(),
                inIntegers(),
                withBackground());
    }

    /** Paragraphs, or nothing. */
    private String whatWasDone() {
        if (!trained.making().disturbed()) {
            return binarised();
        }
        return binarised() + """
                Fitted to disturbed images (`--disturbed`: noise, a square, single pixels, another one in every step), and the table is about
                such images: the background of a likelihood ratio, and no model of clean images. Its thresholds are from clean ones.

                """;
    }

    /** A paragraph, or nothing. */
    private String withBackground() {
        if (background == null) {
            return "";
        }
        TrainedModel disturbed = background.disturbed();
        TrainedModel twin = background.twin();
        return String.format(
                Locale.ROOT,
                """
                Beside it, in the same file, a background for the statistics `likelihood-ratio` and `local-likelihood-ratio`: a density of disturbed
                images, `%s` %s with %,d parameters, made by

                    ./surprisal %s

                and compared with %s.

                """,
                disturbed.network().family(),
                disturbed.network().hyperparameters(),
                disturbed.network().parameters().size(),
                disturbed.making().command(),
                twin == null
                        ? "the model itself"
                        : "one of the same make of clean images, by `./surprisal "
                                + twin.making().command() + "`");
    }

    /** A paragraph, or nothing. */
    private String inIntegers() {
        Int8 int8 = summary.int8();
        if (int8 == null) {
            return "";
        }
        LikelihoodShift shift = int8.shift();
        return String.format(
                Locale.ROOT,
                """
                %d of the %d convolutions are in int8 (`./surprisal export --precision int8`), which shifts the log-likelihood of an image
                by %+.2f nats in the mean and by %.2f at most (root mean square %.2f, %d images of the validation split). The comparison
                with libtorch is about the float32 model it was made from; thresholds and every other number here are about this one.

                """,
                int8.quantised(),
                int8.convolutions(),
                shift.meanNats(),
                shift.largestNats(),
                shift.rootMeanSquareNats(),
                shift.images());
    }

    /** A paragraph, or nothing. */
    private String binarised() {
        String rule = trained.making().binarise();
        if (rule == null || trained.reduction().measuresWhatIsServed()) {
            return "";
        }
        return """
                Pixels were made 0 or 1 by a draw with the probability of their brightness (%s: %s); the table is about images drawn
                so, once, from the seed. The detector has nothing to draw with: it sets a pixel to 1 from 128 on, and the thresholds
                are from images made that way, so that they hold where it serves.

                """.formatted(rule, rule.equals("dynamic") ? "anew in every step" : "once before training");
    }
}
