package io.surprisal.training.density;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.density.Convolution.Padding;
import io.surprisal.training.density.Hyperparameter.Whole;
import io.surprisal.training.density.Hyperparameter.Wholes;
import io.surprisal.training.weights.ParameterLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gated PixelCNN (van den Oord et al. 2016b, "Conditional Image Generation with PixelCNN Decoders", arXiv:1606.05328, section 2
 * and figure 2).
 *
 * <p>A vertical stack sees all rows above, a horizontal stack the pixels to the left in the same row and, through a 1×1
 * convolution, the vertical stack; together they have no blind spot. The output is a categorical distribution over the levels, or one
 * over their digits.
 *
 * <p>Deviations from the paper, each because it costs nothing at run time and gains bits:
 * <ul>
 *   <li>kernels are cropped to their live half instead of masked, and the vertical stack is shifted down once, at its first
 *       layer, instead of before each 1×1 convolution: the same function class for half the multiplications;
 *   <li>the vertical stack has residual connections too, and the 1×1 convolution reads its gated output;
 *   <li>a pixel enters through learned {@link Ramps};
 *   <li>kernels are dilated along the width, a block's factor taken in turn from {@code dilations}: eight narrow blocks then see
 *       a whole row, and clothes are symmetric.
 * </ul>
 */
public final class GatedPixelCnn implements AutoregressiveNetwork {
    /** The usual values are those of the shipped Fashion-MNIST model. */
    static final List<Hyperparameter> SIZES = List.of(
            new Whole("channels", "feature maps of each stack", 32),
            new Whole("blocks", "layers after the first", 8),
            new Whole("hidden", "units before the output", 64),
            new Whole("features", "ramps a pixel enters through", 8),
            new Wholes("dilations", "horizontal dilations of the layers, in turn", List.of(1, 2, 1, 4)));

    /** The family, with the sizes to start from. */
    public static final Family FAMILY = new Family(
            "gated-pixelcnn",
            Stream.concat(SIZES.stream(), Stream.of(DistributionChoice.HYPERPARAMETER))
                    .toList(),
            (shape, levels, values) -> new GatedPixelCnn(
                    shape, levels, GatedPixelCnnSettings.of(values).with(DistributionChoice.of(values))));

    private final ImageShape shape;
    private final int levels;
    private final GatedPixelCnnSettings settings;
    private final Distribution distribution;
    private final int classes;
    private final Ramps ramps;
    private final List<Block> blocks;
    private final Convolution hidden;
    private final Convolution output;

    /**
     * One layer of both stacks.
     *
     * @param classes what a class adds to the gates of the vertical and of the horizontal stack; empty where there are no classes
     */
    private record Block(
            Convolution vertical,
            Convolution horizontal,
            Convolution down,
            Convolution out,
            List<Convolution> classes) {
        List<Convolution> convolutions() {
            List<Convolution> all = new ArrayList<>(List.of(vertical, horizontal, down, out));
            all.addAll(classes);
            return all;
        }

        <T> T vertical(Operations<T> ops, T x, @Nullable T label) {
            return label == null ? ops.gate(x, vertical) : ops.gate(x, vertical, label, classes.get(0));
        }

        <T> T horizontal(Operations<T> ops, T left, T above, @Nullable T label) {
            return label == null
                    ? ops.gate(left, horizontal, above, down)
                    : ops.gate(left, horizontal, above, down, label, classes.get(1));
        }
    }

    public GatedPixelCnn(ImageShape shape, int levels, GatedPixelCnnSettings settings) {
        this(shape, levels, settings, 0);
    }

    /** @param classes that the gates are given (eq. 4), 0 for none */
    GatedPixelCnn(ImageShape shape, int levels, GatedPixelCnnSettings settings, int classes) {
        if (levels < 2 || levels > 256) {
            throw new IllegalArgumentException("expected 2 to 256 levels, found " + levels);
        }
        int groups = shape.channels();
        if (settings.channels() % groups != 0 || settings.hidden() % groups != 0) {
            throw new IllegalArgumentException("channels and hidden units must be multiples of the image's " + groups
                    + " channels, found " + settings.channels() + " and " + settings.hidden());
        }
        this.shape = shape;
        this.levels = levels;
        this.settings = settings;
        this.distribution = settings.distribution().of(groups, levels);
        this.classes = classes;
        int c = settings.channels();
        this.ramps = new Ramps(groups, settings.features());
        this.blocks = new ArrayList<>();
        blocks.add(firstBlock(ramps.count(), c));
        for (int b = 1; b <= settings.blocks(); b++) {
            int dilation =
                    settings.dilations().get((b - 1) % settings.dilations().size());
            blocks.add(block("block" + b, c, dilation));
        }
        this.hidden = Convolution.pointwise("hidden", c, settings.hidden(), mask(false, 1), 1);
        this.output = Convolution.pointwise("output", settings.hidden(), distribution.outputs(), mask(false, 1), 0.1);
    }

    private Block firstBlock(int features, int c) {
        // Grey: the current pixel is cut off the kernel. RGB: it stays, masked to the channels before.
        boolean grey = shape.channels() == 1;
        return new Block(
                new Convolution("block0.vertical", features, 2 * c, 3, 7, new Padding(3, 3, 3), 1, 1, null, 1),
                new Convolution(
                        "block0.horizontal",
                        features,
                        2 * c,
                        1,
                        grey ? 3 : 4,
                        new Padding(0, 3, 0),
                        1,
                        1,
                        mask(true, 2),
                        1),
                Convolution.pointwise("block0.down", c, 2 * c, null, 1),
                Convolution.pointwise("block0.out", c, c, mask(false, 1), 1),
                classes("block0", c));
    }

    private Block block(String name, int c, int d) {
        return new Block(
                new Convolution(name + ".vertical", c, 2 * c, 2, 3, new Padding(1, d, d), d, 1, null, 1),
                new Convolution(name + ".horizontal", c, 2 * c, 1, 2, new Padding(0, d, 0), d, 1, mask(false, 2), 1),
                Convolution.pointwise(name + ".down", c, 2 * c, null, 1),
                Convolution.pointwise(name + ".out", c, c, mask(false, 1), 0.3),
                classes(name, c));
    }

    private List<Convolution> classes(String name, int c) {
        return classes == 0
                ? List.of()
                : List.of(
                        Convolution.pointwise(name + ".vertical.class", classes, 2 * c, null, 0.3),
                        Convolution.pointwise(name + ".horizontal.class", classes, 2 * c, null, 0.3));
    }

    private @Nullable ChannelMask mask(boolean strict, int halves) {
        return shape.channels() == 1 ? null : new ChannelMask(shape.channels(), strict, halves);
    }

    @Override
    public Distribution distribution() {
        return distribution;
    }

    @Override
    public <T> T outputs(Operations<T> ops, T image) {
        return outputs(ops, image, null);
    }

    /** @param label one-hot, shape (N, classes, 1, 1) or (1, classes, 1, 1); {@code null} where there are no classes */
    <T> T outputs(Operations<T> ops, T image, @Nullable T label) {
        T features = ramps.of(ops, image);
        Block first = blocks.getFirst();
        T vertical = first.vertical(ops, ops.dropLastRow(features), label);
        T left = shape.channels() == 1 ? ops.dropLastColumn(features) : features;
        T horizontal = ops.convolve(first.horizontal(ops, left, vertical, label), first.out);
        for (Block block : blocks.subList(1, blocks.size())) {
            vertical = ops.add(vertical, block.vertical(ops, vertical, label));
            T gated = block.horizontal(ops, horizontal, vertical, label);
            horizontal = ops.add(horizontal, ops.convolve(gated, block.out));
        }
        return ops.convolve(ops.relu(ops.convolve(ops.relu(horizontal), hidden)), output);
    }

    int classes() {
        return classes;
    }

    @Override
    public ParameterLayout parameters() {
        ParameterLayout.Builder parameters = ParameterLayout.builder();
        ramps.declare(parameters);
        blocks.stream().flatMap(b -> b.convolutions().stream()).forEach(c -> c.declare(parameters));
        hidden.declare(parameters);
        output.declare(parameters);
        return parameters.build();
    }

    @Override
    public GatedPixelCnn top(int rows) {
        return new GatedPixelCnn(new ImageShape(shape.channels(), rows, shape.width()), levels, settings, classes);
    }

    @Override
    public boolean rowByRow() {
        return true;
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
        values.put("blocks", settings.blocks());
        values.put("hidden", settings.hidden());
        values.put("features", settings.features());
        values.put("dilations", settings.dilations());
        settings.distribution().write(values);
        return values;
    }
}
