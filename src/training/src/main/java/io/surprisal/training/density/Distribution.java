package io.surprisal.training.density;

import org.bytedeco.pytorch.Tensor;

/**
 * What the outputs of a network are the parameters of: the distribution of each dimension over its L levels, given the dimensions
 * before. Its libtorch side is here; {@code OnnxExport} writes the same down as ONNX. All tensors live in the caller's pointer
 * scope.
 */
public sealed interface Distribution permits Categorical, LogisticMixture, ReflectedDigits {

    /** Outputs a pixel: the network's last layer has this many feature maps. */
    int outputs();

    /**
     * Whether what a channel owes to the channels before it in its own pixel is in the distribution alone, so that the outputs at
     * a pixel depend on earlier pixels only.
     */
    boolean joinsChannels();

    /**
     * Natural logarithm of the probability of each level at each dimension.
     *
     * @param outputs of the network, shape (N, {@link #outputs}, H, W)
     * @param scaled the image the outputs were computed from, levels scaled to −1..1, shape (N, C, H, W)
     * @return shape (N, H, W, C, L)
     */
    Tensor logProbabilities(Tensor outputs, Tensor scaled);

    /**
     * Natural logarithm of the probability of the level that is there, ln p(x_i | x_&lt;i).
     *
     * @param outputs of the network, shape (N, {@link #outputs}, H, W)
     * @param levels uint8, shape (N, C, H, W)
     * @return nats, shape (N, C, H, W)
     */
    Tensor observed(Tensor outputs, Tensor levels);
}
