package io.surprisal.training.density;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.density.Hyperparameter.Whole;
import io.surprisal.training.density.Hyperparameter.Word;
import io.surprisal.training.weights.ParameterLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A plain recurrent network over the pixels in raster order: the starting point, and what the other families improve on. One hidden
 * state is all that is remembered of the pixels before; step by step it reads a pixel and predicts the next one.
 *
 * <p>Its cost is in its steps: H·W of them, one after the other, each a product too small to fill a processor, in training as in
 * serving. (Elman 1990, "Finding Structure in Time"; for images Theis and Bethge 2015 and van den Oord 2016a start from here.)
 *
 * <p>The pixel above is W steps away. A tanh state forgets it, so that the default is a gated unit (Cho et al. 2014); {@code --cell
 * tanh} is the textbook's. The channels of a pixel are heads inside a step, see {@link PixelHead}. ONNX has both cells as operators
 * of its standard domain: no loop is written down.
 *
 * <p>For binarised MNIST: {@code --family recurrent --levels 2 --binarise dynamic --cell gru --state 128 --features 1 --learning-rate
 * 0.003}.
 */
public final class RecurrentNetwork implements AutoregressiveNetwork {
    /** The family, with the sizes to start from. */
    public static final Family FAMILY = new Family(
            "recurrent",
            List.of(
                    new Word("cell", "what a step computes", "gru", List.of("gru", "tanh")),
                    new Whole("state", "units of the hidden state", 128),
                    new Whole("hidden", "units before the output", 96),
                    new Whole("features", "ramps a level enters through, 1 for the level itself", 8)),
            (shape, levels, values) -> new RecurrentNetwork(shape, levels, RecurrentSettings.of(values)));

    private final ImageShape shape;
    private final int levels;
    private final RecurrentSettings settings;
    private final Ramps ramps;
    private final Recurrence recurrence;
    private final PixelHead head;

    public RecurrentNetwork(ImageShape shape, int levels, RecurrentSettings settings) {
        if (levels < 2 || levels > 256) {
            throw new IllegalArgumentException("expected 2 to 256 levels, found " + levels);
        }
        this.shape = shape;
        this.levels = levels;
        this.settings = settings;
        this.ramps = new Ramps(shape.channels(), settings.features());
        this.recurrence = new Recurrence("state", ramps.count(), settings.state(), settings.cell());
        this.head = PixelHead.of(shape.channels(), settings.state(), ramps.count(), settings.hidden(), levels);
    }

    @Override
    public Distribution distribution() {
        return new Categorical(shape.channels(), levels);
    }

    @Override
    public <T> T outputs(Operations<T> ops, T image) {
        T pixels = ramps.of(ops, image);
        long steps = (long) shape.height() * shape.width();
        T sequence = ops.permute(ops.reshape(pixels, ramps.count(), steps), 0, 2, 1);
        T states = ops.permute(ops.recur(ops.shift(sequence), recurrence), 0, 2, 1);
        return head.logits(ops, ops.reshape(states, settings.state(), shape.height(), shape.width()), pixels);
    }

    @Override
    public ParameterLayout parameters() {
        ParameterLayout.Builder parameters = ParameterLayout.builder();
        ramps.declare(parameters);
        recurrence.declare(parameters);
        head.declare(parameters);
        return parameters.build();
    }

    @Override
    public AutoregressiveNetwork top(int rows) {
        return new RecurrentNetwork(new ImageShape(shape.channels(), rows, shape.width()), levels, settings);
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
        values.put("cell", settings.cell().name().toLowerCase(Locale.ROOT));
        values.put("state", settings.state());
        values.put("hidden", settings.hidden());
        values.put("features", settings.features());
        return values;
    }
}
