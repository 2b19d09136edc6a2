package io.surprisal.training.density;

import io.surprisal.detector.likelihood.LogLikelihood;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.weights.Tensors;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Likelihood of images under a network, in libtorch. Not thread-safe; all tensors live in the caller's pointer scope.
 */
public final class Likelihood {
    private final AutoregressiveNetwork network;

    public Likelihood(AutoregressiveNetwork network) {
        this.network = network;
    }

    /** Levels as a uint8 tensor of shape (N, C, H, W). */
    public static Tensor tensor(Levels images) {
        ImageShape s = images.shape();
        return Tensors.ofBytes(images.data(), images.count(), s.channels(), s.height(), s.width());
    }

    /** Levels 0..L−1 scaled to −1..1, what {@link AutoregressiveNetwork#outputs} takes. */
    public static Tensor scaled(Tensor levels, int count) {
        return levels.toType(ScalarType.Float).mul(new Scalar(2f / (count - 1))).sub(new Scalar(1f));
    }

    /** ln p of every level at every dimension: shape (N, H, W, C, L). */
    public Tensor logProbabilities(Operations<Tensor> operations, Tensor scaled) {
        return network.distribution().logProbabilities(network.outputs(operations, scaled), scaled);
    }

    /** ln p(x_i | x_&lt;i) in nats, shape (N, C, H, W). */
    public Tensor observed(Operations<Tensor> operations, Tensor levels) {
        Tensor scaled = scaled(levels, network.levels());
        return network.distribution().observed(network.outputs(operations, scaled), levels);
    }

    /** ln p(x) of each image of a small batch. */
    public static List<LogLikelihood> of(AutoregressiveNetwork network, float[] weights, Levels images) {
        return Arrays.stream(nats(network, weights, images))
                .mapToObj(nats -> new LogLikelihood(nats, network.shape().dimensions()))
                .toList();
    }

    /** The same as numbers, NaN too: in fp32, summed in double. */
    public static double[] nats(AutoregressiveNetwork network, float[] weights, Levels images) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGradient = new NoGradGuard()) {
            Tensor flat = Tensors.of(weights, weights.length);
            Tensor observed = new Likelihood(network)
                    .observed(new TorchOperations(network.parameters().view(flat)), tensor(images));
            float[] values = Tensors.toFloats(observed);
            double[] sums = new double[images.count()];
            for (int i = 0; i < values.length; i++) {
                sums[i / images.shape().dimensions()] += values[i];
            }
            return sums;
        }
    }

    /** Mean negative log-likelihood of a dimension in nats: the loss that maximum likelihood minimises. */
    public Tensor loss(Operations<Tensor> operations, Tensor levels) {
        return observed(operations, levels).mean().neg();
    }
}
