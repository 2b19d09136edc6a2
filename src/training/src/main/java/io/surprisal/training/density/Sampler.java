package io.surprisal.training.density;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.weights.Parameters;
import io.surprisal.training.weights.Tensors;
import java.util.Random;
import java.util.function.DoubleConsumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Draws images from a network, dimension by dimension, in the network's order. Costs one forward pass over the rows so far (over the
 * whole image where the family or the order wants it) for each dimension, or for each pixel where the distribution joins its
 * channels: H·W·C or H·W passes over half an image on average; nothing is cached between them. Draws with Java's generator, so that a
 * seed gives the same images wherever the conditionals are the same.
 */
public final class Sampler {
    private final AutoregressiveNetwork network;
    private final float[] weights;

    public Sampler(AutoregressiveNetwork network, float[] weights) {
        this.network = network;
        this.weights = weights;
    }

    /**
     * Draws images.
     *
     * @param count how many, all at once
     * @param temperature above 0; 1 draws from the model, less sharpens every conditional
     * @param progress told the share done, 0..1
     */
    public Levels sample(int count, double temperature, long seed, DoubleConsumer progress) {
        if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("expected a temperature above 0, found " + temperature);
        }
        ImageShape shape = network.shape();
        byte[] data = new byte[count * shape.dimensions()];
        Random random = new Random(seed);
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGradient = new NoGradGuard()) {
            Tensor flat = Tensors.of(weights, weights.length);
            Parameters parameters = network.parameters().view(flat);
            int group = network.distribution().joinsChannels() ? shape.channels() : 1;
            AutoregressiveNetwork top = network;
            for (int t = 0; t < shape.dimensions(); t += group) {
                if (t % (shape.width() * shape.channels()) == 0) {
                    // Rows below cannot matter, so they need not be computed where the family can do without.
                    top = network.top(Place.of(shape, network.order().at(t)).row + 1);
                    progress.accept(t / (double) shape.dimensions());
                }
                draw(top, parameters, data, count, t, group, temperature, random);
            }
            progress.accept(1);
        }
        return Levels.of(shape, network.levels(), count, data);
    }

    private record Place(int row, int column, int channel) {
        static Place of(ImageShape shape, int dimension) {
            int pixel = dimension / shape.channels();
            return new Place(pixel / shape.width(), pixel % shape.width(), dimension % shape.channels());
        }
    }

    /** The dimensions at places {@code t} to {@code t + group − 1} of the chain rule, from one pass over the rows so far. */
    private void draw(
            AutoregressiveNetwork top,
            Parameters parameters,
            byte[] data,
            int count,
            int t,
            int group,
            double temperature,
            Random random) {
        ImageShape s = network.shape();
        try (PointerScope scope = new PointerScope()) {
            Tensor outputs = null;
            for (int i = t; i < t + group; i++) {
                Place place = Place.of(s, network.order().at(i));
                Tensor levels = Tensors.ofBytes(data, count, s.channels(), s.height(), s.width());
                Tensor above = Likelihood.scaled(levels.narrow(2, 0, top.shape().height()), network.levels());
                if (outputs == null) {
                    outputs = at(place, top.outputs(new TorchOperations(parameters), above));
                }
                Tensor here = network.distribution().logProbabilities(outputs, at(place, above));
                float[] logProbabilities =
                        Tensors.toFloats(here.select(3, place.channel).reshape(count, network.levels()));
                for (int image = 0; image < count; image++) {
                    int level = draw(logProbabilities, image * network.levels(), temperature, random.nextDouble());
                    int at = ((image * s.channels() + place.channel) * s.height() + place.row) * s.width()
                            + place.column;
                    data[at] = (byte) level;
                }
            }
        }
    }

    /** One pixel of all images, shape (N, channels, 1, 1). */
    private static Tensor at(Place place, Tensor maps) {
        return maps.narrow(2, place.row, 1).narrow(3, place.column, 1);
    }

    /** The level at which the cumulative distribution passes {@code u}, uniform in [0, 1). */
    private int draw(float[] logProbabilities, int from, double temperature, double u) {
        double[] mass = new double[network.levels()];
        double total = 0;
        for (int k = 0; k < mass.length; k++) {
            mass[k] = Math.exp(logProbabilities[from + k] / temperature);
            total += mass[k];
        }
        double left = u * total;
        for (int k = 0; k < mass.length; k++) {
            left -= mass[k];
            if (left < 0) {
                return k;
            }
        }
        return mass.length - 1;
    }
}
