package io.surprisal.training.density;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.density.Convolution.Padding;
import io.surprisal.training.density.Hyperparameter.Whole;
import io.surprisal.training.weights.ParameterLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * PixelCNN (van den Oord et al. 2016a, "Pixel Recurrent Neural Networks", arXiv:1601.06759, sections 3.4 and 3.5, figure 5 and
 * table 1): the original masked convolution, kept as the baseline with its blind spot.
 *
 * <p>A 7×7 convolution with mask A, then residual blocks (ReLU and 1×1 to half the feature maps, ReLU and 3×3 with mask B, ReLU and
 * 1×1 back), then two 1×1 layers. A 3×3 kernel reaches one column to the right for each row it climbs, and never further right in a
 * row it has reached: all that lies beyond that diagonal (a quarter of the past) has no influence however many blocks there are. That
 * is the blind spot which {@link GatedPixelCnn} closes.
 *
 * <p>Deviations from the paper: the rows below the current one are cropped off the kernels instead of masked (the same function);
 * Adam with averaged weights instead of RMSProp. With digits for a distribution it starts at a {@linkplain PredictedStart prediction}.
 *
 * <p>For binarised MNIST: {@code --family pixelcnn --levels 2 --binarise dynamic --channels 64 --blocks 7 --hidden 64}.
 */
public final class PixelCnn implements AutoregressiveNetwork {
    /** The family, with the sizes to start from. */
    public static final Family FAMILY = new Family(
            "pixelcnn",
            List.of(
                    new Whole("channels", "feature maps of the residual stream, twice those of its kernels", 64),
                    new Whole("blocks", "residual blocks after the first layer", 7),
                    new Whole("hidden", "units before the output", 64),
                    DistributionChoice.HYPERPARAMETER),
            (shape, levels, values) -> new PixelCnn(shape, levels, PixelCnnSettings.of(values)));

    private final ImageShape shape;
    private final int levels;
    private final PixelCnnSettings settings;
    private final Distribution distribution;
    private final Convolution first;
    private final List<Block> blocks;
    private final Convolution hidden;
    private final Convolution output;

    /** A residual block. */
    private record Block(Convolution narrow, Convolution masked, Convolution wide) {
        List<Convolution> convolutions() {
            return List.of(narrow, masked, wide);
        }
    }

    public PixelCnn(ImageShape shape, int levels, PixelCnnSettings settings) {
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
        this.distribution = settings.distribution().of(groups, levels);
        int c = settings.channels();
        this.first = masked("first", groups, c, 7, true);
        this.blocks = new ArrayList<>();
        // Far below a level where there is a prediction to be kept, see PredictedStart.
        double wide = settings.distribution() == DistributionChoice.DIGITS ? 0.02 : 0.5;
        for (int b = 1; b <= settings.blocks(); b++) {
            String name = "block" + b;
            blocks.add(new Block(
                    pointwise(name + ".narrow", c, c / 2, 1.4),
                    masked(name + ".masked", c / 2, c / 2, 3, false),
                    pointwise(name + ".wide", c / 2, c, wide)));
        }
        this.hidden = pointwise("hidden", c, settings.hidden(), 1.4);
        this.output = pointwise("output", settings.hidden(), distribution.outputs(), 0.1);
    }

    /** A k×k convolution of which the rows up to the current one are left, and in that one the taps up to the centre. */
    private Convolution masked(String name, int in, int out, int k, boolean strict) {
        int half = k / 2;
        ChannelMask mask = new ChannelMask(shape.channels(), strict, 1, half);
        return new Convolution(name, in, out, half + 1, k, new Padding(half, half, half), 1, 1, mask, 1.4);
    }

    private Convolution pointwise(String name, int in, int out, double gain) {
        return Convolution.pointwise(
                name, in, out, shape.channels() == 1 ? null : new ChannelMask(shape.channels(), false, 1), gain);
    }

    @Override
    public Distribution distribution() {
        return distribution;
    }

    @Override
    public <T> T outputs(Operations<T> ops, T image) {
        T x = ops.convolve(image, first);
        for (Block block : blocks) {
            T inner = ops.convolve(ops.relu(x), block.narrow);
            inner = ops.convolve(ops.relu(inner), block.masked);
            x = ops.add(x, ops.convolve(ops.relu(inner), block.wide));
        }
        return ops.convolve(ops.relu(ops.convolve(ops.relu(x), hidden)), output);
    }

    @Override
    public ParameterLayout parameters() {
        ParameterLayout.Builder parameters = ParameterLayout.builder();
        PredictedStart start = distribution instanceof ReflectedDigits digits
                ? new PredictedStart(digits, first, hidden, output)
                : null;
        if (start == null) {
            first.declare(parameters);
        } else {
            start.declareFirst(parameters);
        }
        blocks.stream().flatMap(b -> b.convolutions().stream()).forEach(c -> c.declare(parameters));
        if (start == null) {
            hidden.declare(parameters);
            output.declare(parameters);
        } else {
            start.declareLast(parameters);
        }
        return parameters.build();
    }

    @Override
    public AutoregressiveNetwork top(int rows) {
        return new PixelCnn(new ImageShape(shape.channels(), rows, shape.width()), levels, settings);
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
        settings.distribution().write(values);
        return values;
    }
}
