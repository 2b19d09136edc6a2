package io.surprisal.training.density;

import static org.bytedeco.pytorch.global.torch.constant_pad_nd;
import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.glu;
import static org.bytedeco.pytorch.global.torch.pixel_shuffle;

import io.surprisal.training.density.Convolution.Padding;
import io.surprisal.training.weights.Parameters;
import io.surprisal.training.weights.Tensors;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Runs a network in libtorch, recording gradients. Not thread-safe; made anew for each step, since the views of the parameters
 * belong to that step's graph.
 */
public final class TorchOperations implements Operations<Tensor> {
    private final Parameters parameters;
    private final @Nullable RowsAbove rows;

    public TorchOperations(Parameters parameters) {
        this(parameters, null);
    }

    /** @param rows for a network that is given one row of an image and is {@link AutoregressiveNetwork#rowByRow}; else {@code null} */
    TorchOperations(Parameters parameters, @Nullable RowsAbove rows) {
        this.parameters = parameters;
        this.rows = rows;
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
        int top = rows == null ? padding.top() : 0;
        Tensor seen = rows == null ? x : rows.under(x, c);
        boolean symmetric = top == 0 && padding.left() == padding.right();
        Tensor padded = symmetric
                ? seen
                : constant_pad_nd(seen, new long[] {padding.left(), padding.right(), top, 0}, new Scalar(0f));
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

    @Override
    public Tensor gate(Tensor x, Convolution convolution, Tensor y, Convolution other, Tensor z, Convolution third) {
        return gate(convolve(x, convolution).add(convolve(y, other)).add(convolve(z, third)));
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
        return rows == null ? x.narrow(2, 0, x.size(2) - 1) : x; // the row too many is below the current one
    }

    @Override
    public Tensor dropLastColumn(Tensor x) {
        return x.narrow(3, 0, x.size(3) - 1);
    }

    @Override
    public Tensor multiply(Tensor x, Tensor y) {
        return x.mul(y);
    }

    @Override
    public Tensor sigmoid(Tensor x) {
        return x.sigmoid();
    }

    @Override
    public Tensor tanh(Tensor x) {
        return x.tanh();
    }

    @Override
    public Tensor linear(Tensor x, Linear layer) {
        return torch.linear(x, weight(layer), new TensorOptional(parameters.get(layer.bias())));
    }

    private Tensor weight(Linear layer) {
        Tensor weight = parameters.get(layer.weight());
        DegreeMask mask = layer.mask();
        if (mask == null) {
            return weight;
        }
        // Compared here and not in Java: millions of weights have but thousands of degrees.
        Tensor inputs = degrees(mask.inputs()).unsqueeze(0);
        Tensor outputs = degrees(mask.outputs()).unsqueeze(1);
        return weight.mul(mask.strict() ? inputs.lt(outputs) : inputs.le(outputs));
    }

    private static Tensor degrees(int[] degrees) {
        float[] values = new float[degrees.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = degrees[i];
        }
        return Tensors.of(values, values.length);
    }

    @Override
    public Tensor parameter(String name, long... shape) {
        return parameters.get(name).unsqueeze(0);
    }

    @Override
    public Tensor constant(float value) {
        return Tensors.of(new float[] {value});
    }

    @Override
    public Tensor constants(float[] values, long... shape) {
        return Tensors.of(values, shape);
    }

    @Override
    public Tensor normalise(Tensor x, Normalisation layer) {
        return torch.layer_norm(
                x,
                new long[] {layer.size()},
                new TensorOptional(parameters.get(layer.gain())),
                new TensorOptional(parameters.get(layer.bias())),
                Normalisation.EPSILON,
                false);
    }

    @Override
    public Tensor attend(Tensor query, Tensor key, Tensor value, long steps, long width) {
        return torch.scaled_dot_product_attention(
                query, key, value, new TensorOptional(), 0, true, new DoubleOptional(), false);
    }

    @Override
    public Tensor recur(Tensor x, Recurrence layer) {
        TensorVector weights = new TensorVector(
                parameters.get(layer.input()),
                parameters.get(layer.state()),
                parameters.get(layer.inputBias()),
                parameters.get(layer.stateBias()));
        Tensor start = torch.zeros(1, x.size(0), layer.hidden());
        // Under autocast x may be bfloat16, and the weights are not.
        Tensor input = x.toType(ScalarType.Float);
        return switch (layer.cell()) {
            case TANH ->
                torch.rnn_tanh(input, start, weights, true, 1, 0, false, false, true)
                        .get0();
            case GRU ->
                torch.gru(input, start, weights, true, 1, 0, false, false, true).get0();
        };
    }

    @Override
    public Tensor shift(Tensor x) {
        return constant_pad_nd(x.narrow(1, 0, x.size(1) - 1), new long[] {0, 0, 1, 0}, new Scalar(0f));
    }

    @Override
    public Tensor reshape(Tensor x, long... shape) {
        long[] whole = new long[shape.length + 1];
        whole[0] = x.size(0);
        System.arraycopy(shape, 0, whole, 1, shape.length);
        return x.reshape(whole);
    }

    @Override
    public Tensor permute(Tensor x, long... axes) {
        return x.permute(axes);
    }

    @Override
    public Tensor slice(Tensor x, int axis, long from, long to) {
        return x.narrow(axis, from, to - from);
    }

    @Override
    public Tensor concatenate(List<Tensor> parts, int axis) {
        return torch.cat(new TensorVector(parts.toArray(Tensor[]::new)), axis);
    }

    @Override
    public Tensor logSoftmax(Tensor x) {
        return torch.log_softmax(x.toType(ScalarType.Float), -1);
    }

    @Override
    public Tensor logSumExp(Tensor x) {
        return torch.logsumexp(x, -1);
    }

    @Override
    public Tensor sumBefore(Tensor x) {
        long last = x.dim() - 1;
        return constant_pad_nd(x.narrow(last, 0, x.size(last) - 1), new long[] {1, 0}, new Scalar(0f))
                .cumsum(last, new ScalarTypeOptional(ScalarType.Double))
                .toType(ScalarType.Float);
    }

    @Override
    public Tensor atLevel(Tensor x, Tensor scaled, int levels) {
        Tensor level = scaled.detach()
                .add(new Scalar(1f))
                .mul(new Scalar((levels - 1) / 2f))
                .round()
                .toType(ScalarType.Long);
        return torch.gather(x, -1, level.unsqueeze(-1)).squeeze(-1);
    }
}
