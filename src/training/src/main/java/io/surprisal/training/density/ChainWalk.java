package io.surprisal.training.density;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.weights.Parameters;
import io.surprisal.training.weights.Tensors;
import java.util.BitSet;
import java.util.function.DoubleConsumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Images made dimension by dimension, in the network's order: at each one the network gives the conditional under the levels that are
 * there already, and a {@link Choice} the level. Drawing, completing, compressing and purifying are choices.
 *
 * <p>Costs a forward pass for each dimension, or for each pixel where the distribution joins its channels: over one row where the family
 * can be evaluated {@linkplain AutoregressiveNetwork#rowByRow row by row}, over the rows so far where it can do without the others, else
 * over the whole image. All images of a batch go together.
 */
final class ChainWalk {
    private final AutoregressiveNetwork network;
    private final float[] weights;

    ChainWalk(AutoregressiveNetwork network, float[] weights) {
        this.network = network;
        this.weights = weights;
    }

    /** What becomes of a dimension. */
    @FunctionalInterface
    interface Choice {
        /**
         * The level of a dimension.
         *
         * @param image which one of the batch
         * @param dimension its place in an image's levels, C, H, W
         * @param logProbabilities where from {@code from} on the L conditional probabilities of the levels stand, ln; read only
         */
        int level(int image, int dimension, float[] logProbabilities, int from);
    }

    /** Every dimension, for {@link #run}. */
    BitSet all() {
        BitSet all = new BitSet();
        all.set(0, network.shape().dimensions());
        return all;
    }

    /** @throws IllegalArgumentException when images are not of the network's shape and levels */
    void requireFitting(Levels images) {
        if (!images.shape().equals(network.shape()) || images.levels() != network.levels()) {
            throw new IllegalArgumentException("expected images of %s with %d levels, found %s with %d"
                    .formatted(network.shape(), network.levels(), images.shape(), images.levels()));
        }
    }

    /**
     * Fills in dimensions; the others stay as they are, and cost nothing.
     *
     * @param data levels of {@code count} images, NCHW; changed in place
     * @param free the dimensions to choose, by their place in an image's levels
     * @param progress told the share done, 0..1
     */
    void run(byte[] data, int count, BitSet free, Choice choice, DoubleConsumer progress) {
        ImageShape shape = network.shape();
        int group = network.distribution().joinsChannels() ? shape.channels() : 1;
        int rowLength = shape.width() * shape.channels();
        int all = free.cardinality();
        int done = 0;
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGradient = new NoGradGuard()) {
            Tensor flat = Tensors.of(weights, weights.length);
            Passes passes = new Passes(network.parameters().view(flat), count);
            for (int t = 0; t < shape.dimensions() && done < all; t += group) {
                if (t % rowLength == 0) {
                    passes.row(data, Place.of(shape, network.order().at(t)).row);
                    progress.accept(done / (double) all);
                }
                done += choose(passes, data, count, t, group, free, choice);
            }
            progress.accept(1);
        }
    }

    /** Forward passes for one pixel after the other. */
    private final class Passes {
        private final Parameters parameters;
        private final int count;
        private final RowsAbove rows = new RowsAbove();
        private AutoregressiveNetwork top = network;
        private int first;

        Passes(Parameters parameters, int count) {
            this.parameters = parameters;
            this.count = count;
        }

        /** From now on pixels are of this row; of a network that is evaluated row by row, the one after the last. */
        void row(byte[] data, int row) {
            if (!network.rowByRow()) {
                top = network.top(row + 1);
            } else if (row > 0) {
                rows.keep(() -> {
                    try (PointerScope scope = new PointerScope()) {
                        outputs(scaled(data));
                    }
                });
                first = row;
            }
        }

        /** The part of the images that a pass takes: the current row, or the rows so far, or all. */
        Tensor scaled(byte[] data) {
            ImageShape s = network.shape();
            int height = network.rowByRow() ? 1 : top.shape().height();
            Tensor levels = Tensors.ofBytes(data, count, s.channels(), s.height(), s.width());
            return Likelihood.scaled(levels.narrow(2, first, height), network.levels());
        }

        Tensor outputs(Tensor scaled) {
            return network.rowByRow()
                    ? network.outputs(new TorchOperations(parameters, rows), scaled)
                    : top.outputs(new TorchOperations(parameters), scaled);
        }

        /** One pixel of all images, shape (N, channels, 1, 1). */
        Tensor at(Place place, Tensor maps) {
            return maps.narrow(2, place.row - first, 1).narrow(3, place.column, 1);
        }
    }

    private record Place(int row, int column, int channel) {
        static Place of(ImageShape shape, int dimension) {
            int pixel = dimension / shape.channels();
            return new Place(pixel / shape.width(), pixel % shape.width(), dimension % shape.channels());
        }

        int in(ImageShape shape) {
            return (channel * shape.height() + row) * shape.width() + column;
        }
    }

    /** The free ones of the dimensions at places {@code t} to {@code t + group − 1} of the chain rule, from one pass over the rows so far. */
    private int choose(Passes passes, byte[] data, int count, int t, int group, BitSet free, Choice choice) {
        ImageShape s = network.shape();
        int chosen = 0;
        try (PointerScope scope = new PointerScope()) {
            Tensor outputs = null;
            for (int i = t; i < t + group; i++) {
                Place place = Place.of(s, network.order().at(i));
                int dimension = place.in(s);
                if (!free.get(dimension)) {
                    continue;
                }
                Tensor scaled = passes.scaled(data);
                if (outputs == null) {
                    outputs = passes.at(place, passes.outputs(scaled));
                }
                Tensor here = network.distribution().logProbabilities(outputs, passes.at(place, scaled));
                float[] logProbabilities =
                        Tensors.toFloats(here.select(3, place.channel).reshape(count, network.levels()));
                for (int image = 0; image < count; image++) {
                    data[image * s.dimensions() + dimension] =
                            (byte) choice.level(image, dimension, logProbabilities, image * network.levels());
                }
                chosen++;
            }
        }
        return chosen;
    }
}
