package io.surprisal.training.fit;

import java.util.OptionalDouble;

/**
 * How long and how to train. Either {@code epochs} or {@code minutes} ends the run and stretches the learning-rate schedule;
 * only runs by epochs give the same curve again after a kill, since minutes depend on the machine.
 *
 * @param epochs passes over the training images; with {@code minutes} an upper limit
 * @param minutes wall-clock training time over all resumed parts, empty for no limit
 * @param batch images a step
 * @param learningRate peak of the schedule
 * @param warmupSteps steps of linear warm-up
 * @param gradientNorm gradients longer than this are shortened to it
 * @param averageDecay decay a step of the moving average of the weights, which is what gets exported
 * @param validationEvery steps between two points of the learning curve, and between checkpoints
 * @param patience points without a better validation value before training stops early
 * @param precision of the convolutions
 * @param threads libtorch threads
 * @param seed of the initial weights and the order of the images
 */
public record TrainingPlan(
        double epochs,
        OptionalDouble minutes,
        int batch,
        double learningRate,
        int warmupSteps,
        double gradientNorm,
        double averageDecay,
        int validationEvery,
        int patience,
        Precision precision,
        int threads,
        long seed) {

    /** Arithmetic of the convolutions in training; weights, sums and everything that is exported are always fp32. */
    public enum Precision {
        FP32,
        BF16
    }

    public TrainingPlan {
        requirePositive("epochs", epochs);
        requirePositive("minutes", minutes.orElse(1));
        requirePositive("batch", batch);
        requirePositive("learning rate", learningRate);
        requirePositive("gradient norm", gradientNorm);
        requirePositive("validation interval", validationEvery);
        requirePositive("patience", patience);
        requirePositive("threads", threads);
        if (!(averageDecay >= 0 && averageDecay < 1) || warmupSteps < 0) {
            throw new IllegalArgumentException("expected an average decay in [0, 1) and warm-up ≥ 0, found "
                    + averageDecay + " and " + warmupSteps);
        }
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("expected " + name + " > 0, found " + value);
        }
    }

    /** Steps of a whole run over this many images. */
    public long steps(int images) {
        return Math.max(1, Math.round(epochs * images / batch));
    }

    /** How far the run is, 0 to 1: the further of steps and minutes. */
    public double progress(long step, int images, double elapsedSeconds) {
        double bySteps = step / (double) steps(images);
        double byTime = minutes.isPresent() ? elapsedSeconds / (60 * minutes.getAsDouble()) : 0;
        return Math.min(1, Math.max(bySteps, byTime));
    }

    /** Linear warm-up, then half a cosine down to zero (Loshchilov and Hutter 2017, eq. 5, without restarts). */
    public double learningRate(long step, double progress) {
        double warmup = warmupSteps == 0 ? 1 : Math.min(1, step / (double) warmupSteps);
        return learningRate * warmup * 0.5 * (1 + Math.cos(Math.PI * progress));
    }
}
