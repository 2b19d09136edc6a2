package io.surprisal.training.density;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.density.Convolution.Padding;
import io.surprisal.training.density.Hyperparameter.Whole;
import io.surprisal.training.weights.ParameterLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * PixelRNN with Row LSTM layers (van den Oord et al. 2016a, "Pixel Recurrent Neural Networks", arXiv:1601.06759, sections 3.1, 3.4
 * and 3.5, eq. 3, figure 5 and table 1).
 *
 * <p>A 7×7 convolution with mask A, then residual LSTM layers that go down the image row by row, all columns of a row at once: the
 * input enters by a 1×3 convolution with mask B, the states of the row above by a 1×3 convolution without a mask. What a pixel sees
 * of the rows above is a triangle that widens by one column a row, so that the context is not whole, as in the paper.
 *
 * <p>The rows are unrolled in the exported graph, with one copy of the weights: a layer adds some twenty nodes a row, the bundle's
 * list of operators needs no loops (whose subgraphs would have to be checked, and which can run for ever), and ONNX Runtime knows all
 * shapes before it starts. The price is a graph that grows with the height, and that the height is fixed.
 *
 * <p>Deviations from the paper: the row before the first contributes nothing, not even the bias; Adam with averaged weights instead
 * of RMSProp.
 *
 * <p>For binarised MNIST: {@code --family row-lstm --levels 2 --binarise dynamic --channels 32 --layers 3 --hidden 32}.
 */
public final class RowLstm implements AutoregressiveNetwork {
    /** The family, with the sizes to start from. */
    public static final Family FAMILY = new Family(
            "row-lstm",
            List.of(
                    new Whole("channels", "feature maps of the residual stream, twice those of a state", 64),
                    new Whole("layers", "LSTM layers", 4),
                    new Whole("hidden", "units before the output", 64)),
            (shape, levels, values) -> new RowLstm(shape, levels, RowLstmSettings.of(values)));

    /** Input, forget and output gate, and the new content. */
    private static final int SETS = 4;

    private final ImageShape shape;
    private final int levels;
    private final RowLstmSettings settings;
    private final Convolution first;
    private final List<Layer> layers;
    private final Convolution hidden;
    private final Convolution output;

    /** An LSTM layer with its way back to the width of the residual stream. */
    private record Layer(Convolution input, Convolution state, Convolution wide) {
        List<Convolution> convolutions() {
            return List.of(input, state, wide);
        }
    }

    public RowLstm(ImageShape shape, int levels, RowLstmSettings settings) {
        if (levels < 2 || levels > 256) {
            throw new IllegalArgumentException("expected 2 to 256 levels, found " + levels);
        }
        int groups = shape.channels();
        if (settings.channels() % (2 * groups) != 0 || settings.hidden() % groups != 0) {
            throw new IllegalArgumentException(
                    "expected channels and hidden units that are multiples of %d and %d, found %d and %d"
                            .formatted(2 * groups, groups, settings.channels(), settings.hidden()));
        }
        this.shape = shape;
        this.levels = levels;
        this.settings = settings;
        int c = settings.channels();
        int h = c / 2;
        this.first = new Convolution(
                "first", groups, c, 4, 7, new Padding(3, 3, 3), 1, 1, new ChannelMask(groups, true, 1, 3), 1.4);
        this.layers = new ArrayList<>();
        for (int l = 1; l <= settings.layers(); l++) {
            String name = "layer" + l;
            layers.add(new Layer(
                    new Convolution(name + ".input", c, SETS * h, 1, 2, new Padding(0, 1, 0), 1, 1, mask(SETS), 1),
                    new Convolution(name + ".state", h, SETS * h, 1, 3, new Padding(0, 1, 1), 1, 1, null, 1),
                    Convolution.pointwise(name + ".wide", h, c, mask(1), 1)));
        }
        this.hidden = Convolution.pointwise("hidden", c, settings.hidden(), mask(1), 1.4);
        this.output = Convolution.pointwise("output", settings.hidden(), groups * levels, mask(1), 0.1);
    }

    private @Nullable ChannelMask mask(int sets) {
        return shape.channels() == 1 ? null : new ChannelMask(shape.channels(), false, sets);
    }

    @Override
    public Distribution distribution() {
        return new Categorical(shape.channels(), levels);
    }

    @Override
    public <T> T outputs(Operations<T> ops, T image) {
        T x = ops.convolve(image, first);
        for (Layer layer : layers) {
            x = ops.add(x, ops.convolve(rows(ops, ops.convolve(x, layer.input), layer.state), layer.wide));
        }
        return ops.convolve(ops.relu(ops.convolve(ops.relu(x), hidden)), output);
    }

    /** The states of all rows, from the input's part of their gates. */
    private <T> T rows(Operations<T> ops, T input, Convolution state) {
        List<T> states = new ArrayList<>();
        @Nullable T cell = null;
        for (int row = 0; row < shape.height(); row++) {
            T gates = ops.slice(input, 2, row, row + 1L);
            if (row > 0) {
                gates = ops.add(gates, ops.convolve(states.getLast(), state));
            }
            T kept = ops.multiply(ops.sigmoid(set(ops, gates, 0)), ops.tanh(set(ops, gates, 3)));
            cell = cell == null ? kept : ops.add(ops.multiply(ops.sigmoid(set(ops, gates, 1)), cell), kept);
            states.add(ops.multiply(ops.sigmoid(set(ops, gates, 2)), ops.tanh(cell)));
        }
        return ops.concatenate(states, 2);
    }

    private <T> T set(Operations<T> ops, T gates, long number) {
        long h = settings.channels() / 2;
        return ops.slice(gates, 1, number * h, (number + 1) * h);
    }

    @Override
    public ParameterLayout parameters() {
        ParameterLayout.Builder parameters = ParameterLayout.builder();
        first.declare(parameters);
        layers.stream().flatMap(l -> l.convolutions().stream()).forEach(c -> c.declare(parameters));
        hidden.declare(parameters);
        output.declare(parameters);
        return parameters.build();
    }

    @Override
    public AutoregressiveNetwork top(int rows) {
        return new RowLstm(new ImageShape(shape.channels(), rows, shape.width()), levels, settings);
    }

    @Override
    public String family() {
        return FAMILY.name();
    }

    @Override
    public ImageShape shape() {
        return shape;
    }

    @Override
    public int levels() {
        return levels;
    }

    @Override
    public Map<String, Object> hyperparameters() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("channels", settings.channels());
        values.put("layers", settings.layers());
        values.put("hidden", settings.hidden());
        return values;
    }
}
