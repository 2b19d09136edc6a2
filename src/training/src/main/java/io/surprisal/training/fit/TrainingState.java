package io.surprisal.training.fit;

import static org.bytedeco.pytorch.global.torch.zeros_like;

import io.surprisal.training.weights.Tensors;
import org.bytedeco.pytorch.Tensor;

/** The vectors and counters that change from step to step. Owns its tensors. */
final class TrainingState implements AutoCloseable {
    final Tensor weights;
    final Tensor first;
    final Tensor second;
    final Tensor average;
    float[] best;
    long step;
    double seconds;
    LearningCurve curve;

    private TrainingState(Tensor weights, Tensor first, Tensor second, Tensor average, float[] best) {
        this.weights = weights;
        this.first = first;
        this.second = second;
        this.average = average;
        this.best = best;
        this.curve = LearningCurve.empty();
        weights.set_requires_grad(true);
    }

    static TrainingState initial(float[] values) {
        Tensor weights = Tensors.of(values, values.length);
        return new TrainingState(
                weights, zeros_like(weights), zeros_like(weights), Tensors.of(values, values.length), values);
    }

    static TrainingState of(Checkpoint c) {
        long n = c.weights().length;
        TrainingState state = new TrainingState(
                Tensors.of(c.weights(), n),
                Tensors.of(c.first(), n),
                Tensors.of(c.second(), n),
                Tensors.of(c.average(), n),
                c.best());
        state.step = c.step();
        state.seconds = c.seconds();
        state.curve = c.curve();
        return state;
    }

    Checkpoint checkpoint(String fingerprint) {
        return new Checkpoint(
                fingerprint,
                step,
                seconds,
                curve,
                Tensors.toFloats(weights),
                Tensors.toFloats(first),
                Tensors.toFloats(second),
                Tensors.toFloats(average),
                best);
    }

    @Override
    public void close() {
        weights.close();
        first.close();
        second.close();
        average.close();
    }
}
