package io.surprisal.training.density;

import io.surprisal.detector.quantise.ImageShape;
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
 * <p>Costs one forward pass over the rows so far (over the whole image where the family or the order wants it) for each dimension, or
 * for each pixel where the distribution joins its channels: H·W·C or H·W passes over half an image on average; nothing is cached between
 * them. All images of a batch go together.
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
        int done = 0;
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGradient = new NoGradGuard()) {
            Tensor flat = Tensors.of(weights, weights.length);
            Parameters parameters = network.parameters().view(flat);
            AutoregressiveNetwork top = network;
            for (int t = 0; t < shape.dimensions(); t += group) {
                if (t % (shape.width() * shape.channels()) == 0) {
                    // Rows below cannot matter, so they need not be computed where the family can do without.
                    top = network.top(Place.of(shape, network.order().at(t)).row + 1);
                    progress.accept(done / (double) Math.max(1, free.cardinality()));
                }
                done += choose(top, parameters, data, count, t, group, free, choice);
            }
            progress.accept(1);
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
    private int choose(
            AutoregressiveNetwork top,
            Parameters parameters,
            byte[] data,
            int count,
            int t,
            int group,
            BitSet free,
            Choice choice) {
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
                Tensor levels = Tensors.ofBytes(data, count, s.channels(), s.height(), s.width());
                Tensor above = Likelihood.scaled(levels.narrow(2, 0, top.shape().height()), network.levels());
                if (outputs == null) {
                    outputs = at(place, top.outputs(new TorchOperations(parameters), above));
                }
                Tensor here = network.distribution().logProbabilities(outputs, at(place, above));
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

    /** One pixel of all images, shape (N, channels, 1, 1). */
    private static Tensor at(Place place, Tensor maps) {
        return maps.narrow(2, place.row, 1).narrow(3, place.column, 1);
    }
}
