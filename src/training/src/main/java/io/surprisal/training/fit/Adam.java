package io.surprisal.training.fit;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Adam (Kingma and Ba 2015, algorithm 1) with gradient clipping, over one flat vector, together with an exponential moving
 * average of the weights. All four vectors are state, owned by the caller; {@link Checkpoint} stores them. One thread.
 */
public final class Adam {
    private static final double BETA1 = 0.9;
    // A shorter memory of squared gradients than the usual 0.999: runs are only thousands of steps long.
    private static final double BETA2 = 0.99;
    private static final double EPSILON = 1e-8;

    private final Tensor weights;
    private final Tensor first;
    private final Tensor second;
    private final Tensor average;

    /**
     * All vectors are changed in place from here on.
     *
     * @param weights one flat vector that records gradients
     * @param first moment of the gradient, zeros at first; as long as the weights, as are the next two
     * @param second moment of the gradient, zeros at first
     * @param average of the weights, equal to them at first
     */
    public Adam(Tensor weights, Tensor first, Tensor second, Tensor average) {
        this.weights = weights;
        this.first = first;
        this.second = second;
        this.average = average;
    }

    /**
     * One step along the gradient collected in the weights, which is zeroed.
     *
     * @param step the step's number, from 1
     * @param learningRate of this step
     * @param maximalNorm a longer gradient is shortened to this length
     * @param averageDecay decay a step of the moving average, in [0, 1)
     * @return length of the gradient before clipping; not finite when the loss was not, and then nothing is changed
     */
    public double step(long step, double learningRate, double maximalNorm, double averageDecay) {
        Tensor gradient = weights.grad();
        double norm = gradient.norm().item_float();
        if (!(norm < Double.POSITIVE_INFINITY)) {
            gradient.zero_();
            return norm;
        }
        if (norm > maximalNorm) {
            gradient.mul_(scalar(maximalNorm / norm));
        }
        first.mul_(scalar(BETA1)).add_(gradient, scalar(1 - BETA1));
        second.mul_(scalar(BETA2)).addcmul_(gradient, gradient, scalar(1 - BETA2));
        double correction1 = 1 - Math.pow(BETA1, step);
        double correction2 = 1 - Math.pow(BETA2, step);
        Tensor scale = second.sqrt().mul_(scalar(1 / Math.sqrt(correction2))).add_(scalar(EPSILON));
        Tensor values = weights.detach();
        values.addcdiv_(first, scale, scalar(-learningRate / correction1));
        // A young average would remember the initial weights: let it grow up with the number of steps.
        double decay = Math.min(averageDecay, (1.0 + step) / (10.0 + step));
        average.mul_(scalar(decay)).add_(values, scalar(1 - decay));
        gradient.zero_();
        return norm;
    }

    private static Scalar scalar(double value) {
        return new Scalar((float) value);
    }
}
