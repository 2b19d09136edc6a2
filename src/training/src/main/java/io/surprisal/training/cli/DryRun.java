package io.surprisal.training.cli;

import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.density.AutoregressiveNetwork;
import io.surprisal.training.density.Multiplications;
import io.surprisal.training.fit.Trainer;
import io.surprisal.training.fit.TrainingImages;
import io.surprisal.training.fit.TrainingPlan;
import io.surprisal.training.onnx.OnnxExport;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/**
 * What a training would cost and what its model would: a few steps are taken and timed, the untrained network is exported and timed.
 *
 * @param network to be trained
 * @param plan of the training
 */
record DryRun(AutoregressiveNetwork network, TrainingPlan plan) {
    private static final int STEPS = 5;
    /** As the service runs a model. */
    private static final int SERVED_AT_ONCE = 4;

    private static final double SERVING_SECONDS = 2;

    /** Prints two lines. */
    void print(Trainer trainer, TrainingImages training, Levels images, PrintStream out) {
        double seconds = trainer.secondsPerStep(training, STEPS);
        out.printf(
                Locale.ROOT,
                "training: %.1f images/s (%d steps of %d on %d threads), so %s epochs of %,d images take %s%s%n",
                plan.batch() / seconds,
                STEPS,
                plan.batch(),
                plan.threads(),
                plan.epochs(),
                training.images().count(),
                ConsoleReport.duration(plan.steps(training.images().count()) * seconds),
                plan.minutes().isPresent() ? ", and end after " + plan.minutes().getAsDouble() + " minutes" : "");
        byte[] model = OnnxExport.model(network, network.parameters().initial(plan.seed()), Map.of());
        Levels served = images.slice(0, Math.min(SERVED_AT_ONCE, images.count()));
        out.printf(
                Locale.ROOT,
                "serving: %.1f images/s on one core (ONNX Runtime, %d at once), %,d bytes of ONNX, %.1f million multiplications an image%n",
                imagesPerSecond(model, served),
                served.count(),
                model.length,
                Multiplications.of(network) * 1e-6);
    }

    private double imagesPerSecond(byte[] model, Levels images) {
        try (OnnxDensityModel exported =
                OnnxDensityModel.of(model, network.shape(), network.levels(), SessionSettings.defaults())) {
            ServingSpeed.imagesPerSecond(exported, images, SERVING_SECONDS);
            return ServingSpeed.imagesPerSecond(exported, images, SERVING_SECONDS);
        }
    }
}
