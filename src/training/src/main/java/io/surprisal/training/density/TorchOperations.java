package io.surprisal.training.density;

import static org.bytedeco.pytorch.global.torch.constant_pad_nd;
import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.glu;
import static org.bytedeco.pytorch.global.torch.pixel_shuffle;

import io.surprisal.training.density.Convolution.Padding;
import io.surprisal.training.weights.Parameters;
import io.surprisal.training.weights.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/**
 * Runs a network in libtorch, recording gradients. Not thread-safe; made anew for each step, since the views of the parameters
 * belong to that step's graph.
 */
public final class TorchOperations implements Operations<Tensor> {
    private final Parameters parameters;

    public TorchOperations(Parameters parameters) {
        this.parameters = parameters;
    }

    @Override
    public Tensor convolve(Tensor x, Convolution c) {
        return convolve(x, c, 1);
    }

    @Override
    public Tensor halve(Tensor x, Convolution c) {
        return convolve(x, c, 2);
    }

    @Override
    public Tensor enlarge(Tensor x, Convolution c, Tensor like) {
        return pixel_shuffle(convolve(x, c), 2).narrow(2, 0, like.size(2)).narrow(3, 0, like.size(3));
    }

    private Tensor convolve(Tensor x, Convolution c, long stride) {
        Padding padding = c.padding();
        boolean symmetric = padding.top() == 0 && padding.left() == padding.right();
        Tensor padded = symmetric
                ? x
                : constant_pad_nd(x, new long[] {padding.left(), padding.right(), padding.top(), 0}, new Scalar(0f));
        return conv2d(
                padded,
                weight(c),
                new TensorOptional(parameters.get(c.bias())),
                new long[] {stride, stride},
                new long[] {0, symmetric ? padding.left() : 0},
                dilation(c),
                c.groups());
    }

    /**
     * A dilation means nothing to a single tap, but with one libtorch leaves a 1×1 convolution to oneDNN even where there is one
     * thread and a small batch; its own way is ten times slower.
     */
    private static long[] dilation(Convolution c) {
        boolean pointwise = c.height() == 1 && c.width() == 1;
        return pointwise ? new long[] {2, 2} : new long[] {1, c.dilation()};
    }

    /** The mask multiplies the weight on the way, never in place: Adam's moments and the stored weights stay consistent. */
    private Tensor weight(Convolution c) {
        Tensor weight = parameters.get(c.weight());
        ChannelMask mask = c.mask();
        if (mask == null) {
            return weight;
        }
        int in = c.in() / c.groups();
        return weight.mul(
                Tensors.of(mask.values(c.out(), in, c.height(), c.width()), c.out(), in, c.height(), c.width()));
    }

    @Override
    public Tensor gate(Tensor x, Convolution convolution) {
        return gate(convolve(x, convolution));
    }

    @Override
    public Tensor gate(Tensor x, Convolution convolution, Tensor y, Convolution other) {
        return gate(convolve(x, convolution).add(convolve(y, other)));
    }

    @Override
    public Tensor linearGate(Tensor x, Convolution convolution) {
        return glu(convolve(x, convolution), 1);
    }

    @Override
    public Tensor linearGate(Tensor x, Convolution convolution, Tensor y, Convolution other) {
        return glu(convolve(x, convolution).add(convolve(y, other)), 1);
    }

    private static Tensor gate(Tensor halves) {
        long channels = halves.size(1) / 2;
        return halves.narrow(1, 0, channels)
                .tanh()
                .mul(halves.narrow(1, channels, channels).sigmoid());
    }

    @Override
    public Tensor add(Tensor x, Tensor y) {
        return x.add(y);
    }

    @Override
    public Tensor relu(Tensor x) {
        return x.relu();
    }

    @Override
    public Tensor dropLastRow(Tensor x) {
        return x.narrow(2, 0, x.size(2) - 1);
    }

    @Override
    public Tensor dropLastColumn(Tensor x) {
        return x.narrow(3, 0, x.size(3) - 1);
    }
}
