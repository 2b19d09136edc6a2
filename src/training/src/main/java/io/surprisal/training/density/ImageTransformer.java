package io.surprisal.training.density;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.density.Hyperparameter.Whole;
import io.surprisal.training.weights.ParameterLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A transformer over the pixels in raster order, in the plain causal form of ImageGPT (Chen et al. 2020, "Generative Pretraining from
 * Pixels", section 3.2; after Parmar et al. 2018, "Image Transformer", arXiv:1802.05751, whose local attention it does without).
 *
 * <p>One step a pixel. What a step reads is the pixel before it (the input is shifted right by one), plus a learned vector for its
 * place. Blocks are pre-norm: x += attention(norm x), then x += dense(norm x) with four times the width and x·σ(1.702 x). The three
 * channels of a pixel are not three steps but heads inside one, see {@link PixelHead}: attention costs the square of the number of
 * steps, so three times as many would cost nine times as much, and a 32×32 RGB image would need 3,072.
 *
 * <p>Deviations from the paper: no colour palette; a level enters through ramps instead of an embedding of 512 clusters; two layers
 * from the last vector to the logits; no dropout; Adam with averaged weights.
 *
 * <p>For binarised MNIST: {@code --family image-transformer --levels 2 --binarise dynamic --width 64 --heads 4 --blocks 6 --features 1
 * --learning-rate 0.002}.
 */
public final class ImageTransformer implements AutoregressiveNetwork {
    /** The family, with the sizes to start from. */
    public static final Family FAMILY = new Family(
            "image-transformer",
            List.of(
                    new Whole("width", "of the vectors, a multiple of the heads", 64),
                    new Whole("heads", "of attention", 4),
                    new Whole("blocks", "of attention and dense layer", 6),
                    new Whole("hidden", "units before the output", 96),
                    new Whole("features", "ramps a level enters through, 1 for the level itself", 8)),
            (shape, levels, values) -> new ImageTransformer(shape, levels, ImageTransformerSettings.of(values)));

    private final ImageShape shape;
    private final int levels;
    private final ImageTransformerSettings settings;
    private final int rows;
    private final Ramps ramps;
    private final Linear embedding;
    private final List<Block> blocks;
    private final Normalisation last;
    private final PixelHead head;

    /** Attention, then a dense layer, each behind a normalisation. */
    private record Block(
            Normalisation first, Linear attention, Linear out, Normalisation second, Linear up, Linear down) {

        static Block of(String name, int width, int blocks) {
            // What blocks add to the stream starts small, so that their number does not matter (Radford et al. 2019).
            double small = 1 / Math.sqrt(2.0 * blocks);
            return new Block(
                    new Normalisation(name + ".first", width),
                    Linear.full(name + ".attention", width, 3 * width, 1),
                    Linear.full(name + ".out", width, width, small),
                    new Normalisation(name + ".second", width),
                    Linear.full(name + ".up", width, 4 * width, 1),
                    Linear.full(name + ".down", 4 * width, width, small));
        }

        void declare(ParameterLayout.Builder parameters) {
            first.declare(parameters);
            attention.declare(parameters);
            out.declare(parameters);
            second.declare(parameters);
            up.declare(parameters);
            down.declare(parameters);
        }
    }

    public ImageTransformer(ImageShape shape, int levels, ImageTransformerSettings settings) {
        this(shape, levels, settings, shape.height());
    }

    /** @param rows of the images that the learned places are for, at least the shape's */
    private ImageTransformer(ImageShape shape, int levels, ImageTransformerSettings settings, int rows) {
        if (levels < 2 || levels > 256) {
            throw new IllegalArgumentException("expected 2 to 256 levels, found " + levels);
        }
        this.shape = shape;
        this.levels = levels;
        this.settings = settings;
        this.rows = rows;
        this.ramps = new Ramps(shape.channels(), settings.features());
        this.embedding = Linear.full("embedding", ramps.count(), settings.width(), 1);
        this.blocks = new ArrayList<>();
        for (int b = 1; b <= settings.blocks(); b++) {
            blocks.add(Block.of("block" + b, settings.width(), settings.blocks()));
        }
        this.last = new Normalisation("last", settings.width());
        this.head = PixelHead.of(shape.channels(), settings.width(), ramps.count(), settings.hidden(), levels);
    }

    @Override
    public Distribution distribution() {
        return new Categorical(shape.channels(), levels);
    }

    @Override
    public <T> T outputs(Operations<T> ops, T image) {
        int steps = shape.height() * shape.width();
        T pixels = ramps.of(ops, image);
        T sequence = ops.permute(ops.reshape(pixels, ramps.count(), steps), 0, 2, 1);
        T places = ops.parameter("places", (long) rows * shape.width(), settings.width());
        T x = ops.add(
                ops.shift(ops.linear(sequence, embedding)),
                rows == shape.height() ? places : ops.slice(places, 1, 0, steps));
        for (Block block : blocks) {
            x = ops.add(x, attention(ops, ops.normalise(x, block.first), block, steps));
            T up = ops.linear(ops.normalise(x, block.second), block.up);
            x = ops.add(
                    x, ops.linear(ops.multiply(up, ops.sigmoid(ops.multiply(up, ops.constant(1.702f)))), block.down));
        }
        T features = ops.permute(ops.normalise(x, last), 0, 2, 1);
        return head.logits(ops, ops.reshape(features, settings.width(), shape.height(), shape.width()), pixels);
    }

    private <T> T attention(Operations<T> ops, T x, Block block, int steps) {
        int width = settings.width();
        int each = width / settings.heads();
        T joint = ops.linear(x, block.attention);
        List<T> parts = new ArrayList<>();
        for (int part = 0; part < 3; part++) {
            T one = ops.slice(joint, 2, (long) part * width, (part + 1L) * width);
            parts.add(ops.permute(ops.reshape(one, steps, settings.heads(), each), 0, 2, 1, 3));
        }
        T mean = ops.attend(parts.get(0), parts.get(1), parts.get(2), steps, each);
        return ops.linear(ops.reshape(ops.permute(mean, 0, 2, 1, 3), steps, width), block.out);
    }

    @Override
    public ParameterLayout parameters() {
        ParameterLayout.Builder parameters = ParameterLayout.builder();
        ramps.declare(parameters);
        embedding.declare(parameters);
        parameters.normal("places", 0.02, (long) rows * shape.width(), settings.width());
        blocks.forEach(block -> block.declare(parameters));
        last.declare(parameters);
        head.declare(parameters);
        return parameters.build();
    }

    @Override
    public AutoregressiveNetwork top(int height) {
        return new ImageTransformer(new ImageShape(shape.channels(), height, shape.width()), levels, settings, rows);
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
        values.put("width", settings.width());
        values.put("heads", settings.heads());
        values.put("blocks", settings.blocks());
        values.put("hidden", settings.hidden());
        values.put("features", settings.features());
        return values;
    }
}
