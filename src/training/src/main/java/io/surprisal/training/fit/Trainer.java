package io.surprisal.training.fit;

import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.density.AutoregressiveNetwork;
import io.surprisal.training.density.Likelihood;
import io.surprisal.training.density.TorchOperations;
import io.surprisal.training.weights.ParameterLayout;
import io.surprisal.training.weights.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Trains a network by maximum likelihood. Writes a checkpoint into its folder at every point of the curve and when it is
 * interrupted, and goes on from one it finds there. One thread; libtorch uses as many as the plan says.
 */
public final class Trainer {
    /** Validation images of one forward pass. */
    private static final int VALIDATION_BATCH = 50;

    private final AutoregressiveNetwork network;
    private final TrainingPlan plan;
    private final float[] start;
    /** Of the weights to start from, for the fingerprint; empty for the network's own. */
    private final String origin;

    private final Path folder;
    private final ProgressReport report;
    private final ParameterLayout layout;
    private final Likelihood likelihood;

    /** What a finished or interrupted run leaves. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Outcome(float[] weights, LearningCurve curve, boolean finished) {}

    /** Trains from the network's initial weights. */
    public Trainer(AutoregressiveNetwork network, TrainingPlan plan, Path folder, ProgressReport report) {
        this(network, plan, network.parameters().initial(plan.seed()), "", folder, report);
    }

    /**
     * Trains from given weights, with a new optimiser and a new schedule.
     *
     * @param start all parameters, in the order of the network's layout
     */
    public Trainer(
            AutoregressiveNetwork network, TrainingPlan plan, float[] start, Path folder, ProgressReport report) {
        this(network, plan, start, " from " + Arrays.hashCode(start), folder, report);
    }

    private Trainer(
            AutoregressiveNetwork network,
            TrainingPlan plan,
            float[] start,
            String origin,
            Path folder,
            ProgressReport report) {
        this.network = network;
        this.start = start;
        this.origin = origin;
        this.plan = plan;
        this.folder = folder;
        this.report = report;
        this.layout = network.parameters();
        this.likelihood = new Likelihood(network);
    }

    /**
     * Runs until the plan is done, validation stops improving, or {@code interrupted} says so.
     *
     * @return the averaged weights of the best point of the curve
     * @throws IOException when a checkpoint cannot be written or read; the run can be resumed from the last one written
     */
    public Outcome train(TrainingImages training, Levels validation, String dataHash, BooleanSupplier interrupted)
            throws IOException {
        set_num_threads(plan.threads());
        manual_seed(plan.seed());
        String fingerprint = network.family() + " " + network.hyperparameters() + " batch " + plan.batch() + " rate "
                + plan.learningRate() + " seed " + plan.seed() + " data " + dataHash + origin;
        BatchOrder order = new BatchOrder(training, plan.batch(), plan.seed());
        try (TrainingState state = start(fingerprint)) {
            Pace pace = new Pace(state.seconds);
            boolean finished = isFinished(state, training.count());
            double sum = 0;
            int steps = 0;
            while (!finished && !interrupted.getAsBoolean()) {
                double bits = step(state, order, training.count());
                sum += bits;
                steps++;
                state.seconds = pace.seconds();
                finished = isFinished(state, training.count());
                reportStep(state, pace, bits, training.count());
                if (finished || state.step % plan.validationEvery() == 0) {
                    addPoint(state, validation, sum / steps, training.count());
                    state.checkpoint(fingerprint).write(folder);
                    pace.leaveOut(state.seconds);
                    finished |= state.curve.pointsSinceBest() >= plan.patience();
                    sum = 0;
                    steps = 0;
                }
            }
            if (!finished) {
                state.checkpoint(fingerprint).write(folder);
            }
            return new Outcome(state.best, state.curve, finished);
        }
    }

    /** How long a step takes here, after a first one that is not counted. Nothing is written. */
    public double secondsPerStep(TrainingImages training, int steps) {
        set_num_threads(plan.threads());
        BatchOrder order = new BatchOrder(training, plan.batch(), plan.seed());
        try (TrainingState state = TrainingState.initial(start)) {
            step(state, order, training.count());
            long since = System.nanoTime();
            for (int i = 0; i < steps; i++) {
                step(state, order, training.count());
            }
            return (System.nanoTime() - since) * 1e-9 / steps;
        }
    }

    private TrainingState start(String fingerprint) throws IOException {
        return Files.exists(folder.resolve(Checkpoint.FILE))
                ? TrainingState.of(Checkpoint.read(folder, fingerprint))
                : TrainingState.initial(start);
    }

    private boolean isFinished(TrainingState state, int images) {
        return plan.progress(state.step, images, state.seconds) >= 1
                || state.curve.pointsSinceBest() >= plan.patience();
    }

    /** One step; returns the batch's bits per dimension. */
    private double step(TrainingState state, BatchOrder order, int images) {
        // One scope a step: without it tensors wait for the garbage collector and memory swings by gigabytes.
        try (PointerScope scope = new PointerScope()) {
            long step = ++state.step;
            Tensor loss;
            try (Autocast autocast = Autocast.open(plan.precision())) {
                TrainingImages.Batch batch = order.batch(step);
                loss = new Likelihood(network.trainedAt(step, batch.labels()))
                        .loss(new TorchOperations(layout.view(state.weights)), Likelihood.tensor(batch.images()));
            }
            loss.backward();
            double progress = plan.progress(step, images, state.seconds);
            Adam adam = new Adam(state.weights, state.first, state.second, state.average);
            double norm = adam.step(step, plan.learningRate(step, progress), plan.gradientNorm(), plan.averageDecay());
            double nats = loss.item_float();
            if (!(nats < Double.POSITIVE_INFINITY && norm < Double.POSITIVE_INFINITY)) {
                throw new IllegalStateException("training diverged at step " + step + ": loss " + nats + ", gradient "
                        + norm + "; the last checkpoint holds, try a lower --learning-rate");
            }
            return nats / Math.log(2);
        }
    }

    private void addPoint(TrainingState state, Levels validation, double training, int images) {
        double bits = bitsPerDimension(state.average, validation);
        double epoch = state.step * (double) plan.batch() / images;
        LearningCurve.Point point = new LearningCurve.Point(state.step, epoch, state.seconds, training, bits);
        state.curve = state.curve.with(point);
        boolean best = state.curve.pointsSinceBest() == 0;
        if (best) {
            state.best = Tensors.toFloats(state.average);
        }
        report.point(point, best);
    }

    /** Mean over the images, in fp32. */
    private double bitsPerDimension(Tensor weights, Levels images) {
        double sum = 0;
        for (int from = 0; from < images.count(); from += VALIDATION_BATCH) {
            Levels part = images.slice(from, Math.min(images.count(), from + VALIDATION_BATCH));
            try (PointerScope scope = new PointerScope();
                    NoGradGuard noGradient = new NoGradGuard()) {
                Tensor loss = likelihood.loss(new TorchOperations(layout.view(weights)), Likelihood.tensor(part));
                sum += loss.item_float() * part.count();
            }
        }
        return sum / images.count() / Math.log(2);
    }

    private void reportStep(TrainingState state, Pace pace, double bits, int images) {
        double progress = plan.progress(state.step, images, state.seconds);
        double rate = pace.imagesPerSecond(plan.batch());
        double byTime = state.seconds * (1 - progress) / Math.max(progress, 1e-9);
        report.step(progress, rate, bits, byTime);
    }
}
