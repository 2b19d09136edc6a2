package io.surprisal.training.density;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.weights.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
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

    /** Levels 0..L−1 scaled to −1..1, what {@link AutoregressiveNetwork#logits} takes. */
    public static Tensor scaled(Tensor levels, int count) {
        return levels.toType(ScalarType.Float).mul(new Scalar(2f / (count - 1))).sub(new Scalar(1f));
    }

    /** ln p of every level at every dimension: shape (N, H, W, C, L). */
    public Tensor logProbabilities(Operations<Tensor> operations, Tensor scaled) {
        Tensor logits = network.logits(operations, scaled).toType(ScalarType.Float);
        ImageShape s = network.shape();
        long n = scaled.size(0);
        Tensor byDimension =
                logits.permute(0, 2, 3, 1).reshape(n, scaled.size(2), scaled.size(3), s.channels(), network.levels());
        return torch.log_softmax(byDimension, -1);
    }

    /** ln p(x_i | x_&lt;i) in nats, shape (N, C, H, W). */
    public Tensor observed(Operations<Tensor> operations, Tensor levels) {
        Tensor all = logProbabilities(operations, scaled(levels, network.levels()));
        Tensor index = levels.toType(ScalarType.Long).permute(0, 2, 3, 1).unsqueeze(-1);
        return torch.gather(all, -1, index).squeeze(-1).permute(0, 3, 1, 2);
    }

    /** Mean negative log-likelihood of a dimension in nats: the loss that maximum likelihood minimises. */
    public Tensor loss(Operations<Tensor> operations, Tensor levels) {
        return observed(operations, levels).mean().neg();
    }
}
