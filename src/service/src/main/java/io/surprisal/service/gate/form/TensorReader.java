package io.surprisal.service.gate.form;

import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.config.TensorLayout;
import io.surprisal.service.score.Images;
import io.surprisal.service.score.InvalidRequestException;
import java.util.List;

/**
 * A classifier's tensors to the density model's: the axes in its order, and numbers back to the levels 0 to 255 that they were made of.
 *
 * <p>A number between two levels is refused, never rounded: the classifier would see what the gate does not.
 *
 * @param layout order of the axes
 * @param minimum what a classifier calls level 0
 * @param maximum what it calls level 255
 */
record TensorReader(TensorLayout layout, double minimum, double maximum) {
    /** How far a float's rounding may take a number from its level, in levels. */
    private static final double TOLERANCE = 0.01;

    TensorReader {
        if (!(minimum < maximum)) {
            throw new IllegalArgumentException(
                    "expected surprisal.gate.tensor.minimum below maximum, got %s and %s".formatted(minimum, maximum));
        }
    }

    static TensorReader of(SurprisalConfig.GateTensor config) {
        return new TensorReader(config.layout(), config.minimum(), config.maximum());
    }

    /** Levels as they are. */
    Images levels(List<Long> shape, byte[] levels) {
        int[] axes = axes(shape, levels.length);
        return new Images.Tensor(
                List.of((long) axes[0], (long) axes[1], (long) axes[2], (long) axes[3]), planar(levels, axes));
    }

    /** Numbers that levels were made into. */
    Images numbers(List<Long> shape, float[] numbers) {
        byte[] levels = new byte[numbers.length];
        for (int i = 0; i < levels.length; i++) {
            double level = (numbers[i] - minimum) / (maximum - minimum) * 255;
            long nearest = Math.round(level);
            if (!(Math.abs(level - nearest) <= TOLERANCE && nearest >= 0 && nearest <= 255)) {
                throw new InvalidRequestException("expected numbers that are one of 256 levels from %s to %s, got %s"
                        .formatted(minimum, maximum, numbers[i]));
            }
            levels[i] = (byte) nearest;
        }
        return levels(shape, levels);
    }

    /** N, C, H, W. */
    private int[] axes(List<Long> shape, int elements) {
        long product = 1;
        for (long axis : shape) {
            product = axis < 1 || axis > Integer.MAX_VALUE || product > Integer.MAX_VALUE ? -1 : product * axis;
            if (product < 0) {
                break;
            }
        }
        if (product != elements || shape.size() < 3 || shape.size() > 4) {
            throw new InvalidRequestException(
                    "expected a tensor of images, [N, H, W] or %s, with as many elements, got shape %s and %d elements"
                            .formatted(layout == TensorLayout.NCHW ? "[N, C, H, W]" : "[N, H, W, C]", shape, elements));
        }
        int[] axes = shape.stream().mapToInt(Math::toIntExact).toArray();
        return axes.length == 3
                ? new int[] {axes[0], 1, axes[1], axes[2]}
                : switch (layout) {
                    case NCHW -> axes;
                    case NHWC -> new int[] {axes[0], axes[3], axes[1], axes[2]};
                };
    }

    private byte[] planar(byte[] levels, int[] axes) {
        int channels = axes[1];
        if (layout == TensorLayout.NCHW || channels == 1) {
            return levels;
        }
        int area = axes[2] * axes[3];
        byte[] planar = new byte[levels.length];
        for (int image = 0; image < axes[0]; image++) {
            int start = image * channels * area;
            for (int position = 0; position < area; position++) {
                for (int channel = 0; channel < channels; channel++) {
                    planar[start + channel * area + position] = levels[start + position * channels + channel];
                }
            }
        }
        return planar;
    }
}
