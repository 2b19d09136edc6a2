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
 * Draws images from a network, dimension by dimension. Costs one forward pass over the rows so far for each dimension, or for each
 * pixel where the distribution joins its channels: H·W·C or H·W passes over half an image on average; nothing is cached between
 * them. Draws with Java's generator, so that a seed gives the same images
 * wherever the conditionals are the same.
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
            for (int row = 0; row < shape.height(); row++) {
                for (int column = 0; column < shape.width(); column++) {
                    drawPixel(parameters, data, count, new Place(row, column), temperature, random);
                }
                progress.accept((row + 1.0) / shape.height());
            }
        }
        return Levels.of(shape, network.levels(), count, data);
    }

    private record Place(int row, int column) {}

    private void drawPixel(
            Parameters parameters, byte[] data, int count, Place place, double temperature, Random random) {
        ImageShape s = network.shape();
        boolean once = network.distribution().joinsChannels();
        try (PointerScope scope = new PointerScope()) {
            TorchOperations operations = new TorchOperations(parameters);
            Tensor outputs = null;
            for (int channel = 0; channel < s.channels(); channel++) {
                Tensor levels = Tensors.ofBytes(data, count, s.channels(), s.height(), s.width());
                // Rows below cannot matter, so they need not be computed.
                Tensor above = Likelihood.scaled(levels.narrow(2, 0, place.row + 1L), network.levels());
                if (outputs == null || !once) {
                    outputs = at(place, network.outputs(operations, above));
                }
                Tensor here = network.distribution().logProbabilities(outputs, at(place, above));
                float[] logProbabilities =
                        Tensors.toFloats(here.select(3, channel).reshape(count, network.levels()));
                for (int image = 0; image < count; image++) {
                    int level = draw(logProbabilities, image * network.levels(), temperature, random.nextDouble());
                    int at = ((image * s.channels() + channel) * s.height() + place.row) * s.width() + place.column;
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
