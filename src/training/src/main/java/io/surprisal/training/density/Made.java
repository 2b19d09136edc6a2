package io.surprisal.training.density;

import io.surprisal.detector.likelihood.DimensionOrder;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.data.Permutation;
import io.surprisal.training.density.Convolution.Padding;
import io.surprisal.training.density.Hyperparameter.Whole;
import io.surprisal.training.density.Hyperparameter.Wholes;
import io.surprisal.training.density.Hyperparameter.Word;
import io.surprisal.training.weights.ParameterLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * MADE, the masked autoencoder (Germain et al. 2015, "MADE: Masked Autoencoder for Distribution Estimation", arXiv:1502.03509).
 *
 * <p>A dense network with ReLU. Input and output of the dimension that comes d-th in the order have degree d; a hidden unit has a
 * degree m drawn evenly from those between the least degree of the layer before and D−1, and sees only units of at most that degree;
 * an output sees only units of a smaller one (eq. 8, 9 and 12–14). Direct connections skip the hidden layers (eq. 10). Any order of
 * the dimensions is as good as raster.
 *
 * <p>Training can go through several draws of the degrees and several orders in turn, one a step (sections 4.2 and 4.3); they share
 * all weights. What is validated and exported is the first draw in the first order, alone: the mean over orders is a density too,
 * but not one with conditionals p(x_i | x_&lt;i) in any order, which is what the bundle's contract wants (they would need a sum over
 * all values of the later dimensions).
 *
 * <p>Deviations from the paper: with many levels a dimension enters through ramps and its logits are made of {@code rank} features
 * by a layer which all positions share, since D·L outputs of a thousand hidden units each would be hundreds of millions of weights;
 * Adam with averaged weights instead of Adagrad and Adadelta.
 *
 * <p>For binarised MNIST: {@code --family made --binarise dynamic --hidden-layers 1000,1000 --learning-rate 0.002 --batch 200}.
 */
public final class Made implements AutoregressiveNetwork {
    /** The family, with the sizes to start from. */
    public static final Family FAMILY = new Family(
            "made",
            List.of(
                    new Wholes("hidden-layers", "units of each hidden layer", List.of(1000, 1000)),
                    new Whole("features", "ramps a level enters through, 1 for the level itself", 1),
                    new Whole(
                            "rank", "features of a dimension's logits, 0 for logits straight from the hidden units", 0),
                    new Word("direct", "connections from inputs to outputs", "yes", List.of("yes", "no")),
                    new Whole("orders", "orders that training goes through; the first is exported", 1),
                    new Whole("masks", "draws of the masks that training goes through; the first is exported", 1),
                    new Whole("order-seed", "of the exported order of the dimensions, 0 for raster", 0),
                    new Whole("mask-seed", "of the masks and the other orders", 1)),
            (shape, levels, values) -> new Made(shape, levels, MadeSettings.of(values)));

    private final ImageShape shape;
    private final int levels;
    private final MadeSettings settings;
    private final int variant;
    private final DimensionOrder order;
    private final Ramps ramps;
    private final List<Linear> layers;
    private final @Nullable Linear direct;
    private final @Nullable Convolution shared;

    public Made(ImageShape shape, int levels, MadeSettings settings) {
        this(shape, levels, settings, 0);
    }

    private Made(ImageShape shape, int levels, MadeSettings settings, int variant) {
        if (levels < 2 || levels > 256) {
            throw new IllegalArgumentException("expected 2 to 256 levels, found " + levels);
        }
        this.shape = shape;
        this.levels = levels;
        this.settings = settings;
        this.variant = variant;
        this.order = order(variant % settings.orders());
        this.ramps = new Ramps(shape.channels(), settings.features());
        int perDimension = perDimension();
        int[] inputs = degrees(settings.features());
        int[] outputs = degrees(perDimension);
        this.layers = layers(inputs, outputs);
        this.direct = settings.direct()
                ? new Linear("direct", inputs.length, outputs.length, new DegreeMask(inputs, outputs, true), 0.1)
                : null;
        int c = shape.channels();
        this.shared = settings.rank() == 0
                ? null
                : new Convolution("levels", c * settings.rank(), c * levels, 1, 1, Padding.NONE, 1, c, null, 1);
    }

    /** Outputs of the last dense layer for a dimension: features, or logits, of which two levels need one. */
    private int perDimension() {
        return settings.rank() > 0 ? settings.rank() : levels == 2 ? 1 : levels;
    }

    private DimensionOrder order(int number) {
        if (number == 0) {
            return settings.orderSeed() == 0 ? DimensionOrder.RASTER : shuffled(settings.orderSeed());
        }
        return shuffled(settings.maskSeed() * 1_000_003L + number);
    }

    private DimensionOrder shuffled(long seed) {
        return DimensionOrder.of("shuffled by seed " + seed, Permutation.of(shape.dimensions(), new Random(seed)));
    }

    /** Degree 1..D of each of {@code each} values a dimension, laid out as (C, each, H, W). */
    private int[] degrees(int each) {
        int[] rank = new int[shape.dimensions()];
        for (int t = 0; t < rank.length; t++) {
            rank[order.at(t)] = t + 1;
        }
        int plane = shape.height() * shape.width();
        int[] degrees = new int[shape.dimensions() * each];
        for (int i = 0; i < degrees.length; i++) {
            int channel = i / (each * plane);
            degrees[i] = rank[i % plane * shape.channels() + channel];
        }
        return degrees;
    }

    private List<Linear> layers(int[] inputs, int[] outputs) {
        Random random = new Random(settings.maskSeed() * 7_919L + variant);
        int largest = Math.max(1, shape.dimensions() - 1);
        List<Linear> made = new ArrayList<>();
        int[] before = inputs;
        for (int units : settings.hidden()) {
            int least = Arrays.stream(before).min().orElseThrow();
            int[] degrees = IntStream.generate(() -> random.nextInt(least, largest + 1))
                    .limit(units)
                    .toArray();
            String name = "hidden" + (made.size() + 1);
            made.add(new Linear(name, before.length, units, new DegreeMask(before, degrees, false), 1.4));
            before = degrees;
        }
        made.add(new Linear("output", before.length, outputs.length, new DegreeMask(before, outputs, true), 0.1));
        return List.copyOf(made);
    }

    @Override
    public Distribution distribution() {
        return new Categorical(shape.channels(), levels);
    }

    @Override
    public <T> T outputs(Operations<T> ops, T image) {
        T inputs = ops.reshape(ramps.of(ops, image), (long) ramps.count() * shape.height() * shape.width());
        T x = inputs;
        for (Linear hidden : layers.subList(0, layers.size() - 1)) {
            x = ops.relu(ops.linear(x, hidden));
        }
        T outputs = ops.linear(x, layers.getLast());
        if (direct != null) {
            outputs = ops.add(outputs, ops.linear(inputs, direct));
        }
        int c = shape.channels();
        T maps = ops.reshape(outputs, (long) c * perDimension(), shape.height(), shape.width());
        if (shared != null) {
            return ops.convolve(ops.relu(maps), shared);
        }
        return levels == 2 ? bothLogits(ops, maps) : maps;
    }

    /** From z, the logarithm of the odds of level 1, to the logits −z/2 and z/2 of both levels. */
    private <T> T bothLogits(Operations<T> ops, T odds) {
        T one = ops.reshape(odds, shape.channels(), 1, (long) shape.height() * shape.width());
        T both = ops.concatenate(
                List.of(ops.multiply(one, ops.constant(-0.5f)), ops.multiply(one, ops.constant(0.5f))), 2);
        return ops.reshape(both, 2L * shape.channels(), shape.height(), shape.width());
    }

    @Override
    public ParameterLayout parameters() {
        ParameterLayout.Builder parameters = ParameterLayout.builder();
        ramps.declare(parameters);
        layers.forEach(layer -> layer.declare(parameters));
        if (direct != null) {
            direct.declare(parameters);
        }
        if (shared != null) {
            shared.declare(parameters);
        }
        return parameters.build();
    }

    @Override
    public DimensionOrder order() {
        return order;
    }

    @Override
    public AutoregressiveNetwork trainedAt(long step, int @Nullable [] labels) {
        int variants = Math.multiplyExact(settings.orders(), settings.masks());
        int wanted = (int) (step % variants);
        return wanted == variant ? this : new Made(shape, levels, settings, wanted);
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
        values.put("hidden-layers", settings.hidden());
        values.put("features", settings.features());
        values.put("rank", settings.rank());
        values.put("direct", settings.direct() ? "yes" : "no");
        values.put("orders", settings.orders());
        values.put("masks", settings.masks());
        values.put("order-seed", settings.orderSeed());
        values.put("mask-seed", settings.maskSeed());
        return values;
    }
}
