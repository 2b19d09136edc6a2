package io.surprisal.training.density;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.likelihood.ChainRule;
import io.surprisal.detector.likelihood.DimensionOrder;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.onnx.OnnxExport;
import io.surprisal.training.onnx.ParityCheck;
import io.surprisal.training.weights.ParameterLayout;
import io.surprisal.training.weights.Tensors;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every density family has to keep, whatever its weights. What can go wrong: a mask that is off by one channel, a shift that is
 * off by one row, an exported graph that computes something else, a batch whose items see each other.
 *
 * <p>Dimensions are counted in the order of the chain rule, which is the network's: raster with the channels of a pixel innermost, or
 * one of its own.
 */
abstract class AutoregressiveContract {

    /** A network of this family; of the number of levels asked for, unless it is about another one. */
    abstract AutoregressiveNetwork network(ImageShape shape, int levels);

    /** Whether the conditional at place {@code d} of the chain rule depends on the dimension before it; not so in a blind spot. */
    boolean seesPredecessor(ImageShape shape, int d) {
        return d > 0;
    }

    private static final ImageShape GREY = new ImageShape(1, 5, 6);
    private static final ImageShape RGB = new ImageShape(3, 4, 5);

    /** Several images: at some values all rectified units of an input are off, and the gradient is rightly zero. */
    private static final int IMAGES = 12;

    @Test
    void gradientsOfGreyConditionalsReachThePastOnly() {
        gradientsReachThePastOnly(network(GREY, 4));
    }

    @Test
    void gradientsOfRgbConditionalsReachThePastOnlyInTheOrderRedGreenBlue() {
        gradientsReachThePastOnly(network(RGB, 4));
    }

    private void gradientsReachThePastOnly(AutoregressiveNetwork network) {
        int dimensions = network.shape().dimensions();
        float[] weights = noisyWeights(network, 1);
        for (int d = 0; d < dimensions; d++) {
            float[] gradient = gradientOfConditional(network, weights, d);
            boolean seesPredecessor = false;
            for (int j = 0; j < dimensions; j++) {
                assertThat(gradient[offset(network, 0, j)]).as("another image").isZero();
                for (int image = 1; image <= IMAGES; image++) {
                    float ofSameImage = gradient[offset(network, image, j)];
                    if (j >= d) {
                        assertThat(ofSameImage)
                                .as("conditional %d, input %d", d, j)
                                .isZero();
                    }
                    seesPredecessor |= j == d - 1 && ofSameImage != 0;
                }
            }
            assertThat(seesPredecessor)
                    .as("conditional %d sees its predecessor", d)
                    .isEqualTo(seesPredecessor(network.shape(), d));
        }
    }

    /** Of a random projection of the log-probabilities at dimension d of all images in a batch but the first. */
    private static float[] gradientOfConditional(AutoregressiveNetwork network, float[] weights, int d) {
        ImageShape s = network.shape();
        try (PointerScope scope = new PointerScope()) {
            Tensor flat = Tensors.of(weights, weights.length);
            Tensor scaled =
                    Likelihood.scaled(Likelihood.tensor(images(s, network.levels(), 1 + IMAGES, 3)), network.levels());
            scaled.set_requires_grad(true);
            Tensor all = new Likelihood(network)
                    .logProbabilities(new TorchOperations(network.parameters().view(flat)), scaled);
            int dimension = network.order().at(d);
            int pixel = dimension / s.channels();
            Tensor here = all.narrow(0, 1, IMAGES)
                    .select(1, pixel / s.width())
                    .select(1, pixel % s.width())
                    .select(1, dimension % s.channels());
            float[] projection = new float[network.levels()];
            for (int k = 0; k < projection.length; k++) {
                projection[k] = 1 + k * k;
            }
            here.mul(Tensors.of(projection, projection.length)).sum().backward();
            return Tensors.toFloats(scaled.grad());
        }
    }

    @Test
    void futurePixelsHaveNoInfluenceOnGreyConditionals() {
        futureHasNoInfluence(network(GREY, 4));
    }

    @Test
    void futurePixelsAndChannelsHaveNoInfluenceOnRgbConditionals() {
        futureHasNoInfluence(network(RGB, 4));
    }

    private void futureHasNoInfluence(AutoregressiveNetwork network) {
        ImageShape s = network.shape();
        Levels clean = images(s, network.levels(), 1, 5);
        try (DensityModel model = export(network, noisyWeights(network, 2))) {
            float[] before = model.evaluate(clean).logProb();
            for (int changed = 0; changed < s.dimensions(); changed++) {
                byte[] data = clean.data().clone();
                int at = offset(network, 0, changed);
                data[at] = (byte) ((data[at] + network.levels() / 2) % network.levels());
                float[] after =
                        model.evaluate(Levels.of(s, network.levels(), 1, data)).logProb();
                boolean anyChanged = false;
                for (int d = 0; d < s.dimensions(); d++) {
                    int place = offset(network, 0, d);
                    if (d < changed) {
                        assertThat(after[place])
                                .as("dimension %d after a change at %d", d, changed)
                                .isEqualTo(before[place]);
                    }
                    anyChanged |= d > changed && after[place] != before[place];
                }
                assertThat(anyChanged || changed == s.dimensions() - 1)
                        .as("a change at %d is seen later", changed)
                        .isTrue();
            }
        }
    }

    @Test
    void probabilitiesOfAllGreyImagesSumToOne() {
        probabilitiesSumToOne(network(new ImageShape(1, 3, 2), 3));
    }

    @Test
    void probabilitiesOfAllRgbImagesSumToOne() {
        probabilitiesSumToOne(network(new ImageShape(3, 1, 3), 2));
    }

    /** Over all L^D images of a tiny shape: the one test that a mask, a shift or a gather cannot fool. */
    private void probabilitiesSumToOne(AutoregressiveNetwork network) {
        int dimensions = network.shape().dimensions();
        int count = (int) Math.round(Math.pow(network.levels(), dimensions));
        byte[] data = new byte[count * dimensions];
        for (int image = 0; image < count; image++) {
            int rest = image;
            for (int d = 0; d < dimensions; d++) {
                data[image * dimensions + d] = (byte) (rest % network.levels());
                rest /= network.levels();
            }
        }
        try (DensityModel model = export(network, noisyWeights(network, 3))) {
            Conditionals all = model.evaluate(Levels.of(network.shape(), network.levels(), count, data));
            double sum = 0;
            for (int image = 0; image < count; image++) {
                sum += Math.exp(ChainRule.of(all, image).nats());
            }
            assertThat(sum).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void libtorchAndOnnxRuntimeAgree() {
        AutoregressiveNetwork network = network(new ImageShape(3, 8, 8), 256);
        float[] weights = noisyWeights(network, 4);
        try (DensityModel model = export(network, weights)) {
            ParityCheck parity = ParityCheck.of(network, weights, model, imagesToCompareOn(network, weights));
            assertThat(parity.images()).isEqualTo(16);
            assertThat(parity.largestNats()).isLessThan(ParityCheck.TOLERANCE_NATS);
        }
    }

    /**
     * Random images, sixteen. A family that finds them impossible, hundreds of nats a dimension, gives others: the tolerance is
     * finer than float32 there.
     */
    Levels imagesToCompareOn(AutoregressiveNetwork network, float[] weights) {
        return images(network.shape(), network.levels(), 16, 7);
    }

    @Test
    void entropyVarianceAndCdfAreThoseOfTheConditionals() {
        AutoregressiveNetwork network = network(RGB, 6);
        ImageShape s = network.shape();
        int levels = network.levels();
        Levels images = images(s, levels, 2, 8);
        float[] weights = noisyWeights(network, 5);
        float[] all = logProbabilities(network, weights, images);
        try (DensityModel model = export(network, weights)) {
            Conditionals found = model.evaluate(images);
            for (int image = 0; image < 2; image++) {
                for (int d = 0; d < s.dimensions(); d++) {
                    int at = offset(network, image, d);
                    int dimension = image * s.dimensions() + network.order().at(d);
                    double[] expected = moments(all, dimension * levels, levels, images.data()[at]);
                    assertThat((double) found.logProb()[at])
                            .isCloseTo(expected[0], within(1e-4 + 2e-6 * Math.abs(expected[0])));
                    assertThat((double) requireNonNull(found.entropy())[at]).isCloseTo(expected[1], within(1e-4));
                    assertThat((double) requireNonNull(found.surprisalVariance())[at])
                            .isCloseTo(expected[2], within(1e-3));
                    assertThat((double) requireNonNull(found.cdf())[at]).isCloseTo(expected[3], within(1e-4));
                }
            }
        }
    }

    /** By definition, in double: ln p(x), −Σ p ln p, Σ p (ln p)² − H², P(X &lt; x) + ½ P(X = x). */
    private static double[] moments(float[] logP, int from, int levels, int x) {
        double entropy = 0;
        double second = 0;
        double below = 0;
        for (int k = 0; k < levels; k++) {
            double l = logP[from + k];
            double p = Math.exp(l);
            entropy -= p * l;
            second += p * l * l;
            below += k < x ? p : k == x ? p / 2 : 0;
        }
        return new double[] {logP[from + x], entropy, second - entropy * entropy, below};
    }

    @Test
    void itemsOfABatchAreIndependent() {
        AutoregressiveNetwork network = network(RGB, 8);
        Levels batch = images(RGB, network.levels(), 5, 9);
        try (DensityModel model = export(network, noisyWeights(network, 6))) {
            Conditionals together = model.evaluate(batch);
            for (int i = 0; i < batch.count(); i++) {
                Conditionals alone = model.evaluate(batch.slice(i, i + 1));
                assertThat(ChainRule.of(alone, 0).nats())
                        .isCloseTo(ChainRule.of(together, i).nats(), within(1e-4));
            }
        }
    }

    static DensityModel export(AutoregressiveNetwork network, float[] weights) {
        return export(new FittedNetwork(network, weights), null);
    }

    static DensityModel export(FittedNetwork fitted, @Nullable Background background) {
        AutoregressiveNetwork network = fitted.network();
        byte[] model = OnnxExport.model(fitted, background, Map.of());
        return OnnxDensityModel.of(model, network.shape(), network.levels(), SessionSettings.defaults());
    }

    /** Weights with no structure at all, so that nothing is causal by the grace of an initial zero. */
    static float[] noisyWeights(AutoregressiveNetwork network, long seed) {
        float[] weights = network.parameters().initial(seed);
        Random random = new Random(seed);
        for (int i = 0; i < weights.length; i++) {
            weights[i] += 0.2f * (float) random.nextGaussian();
        }
        return weights;
    }

    static Levels images(ImageShape shape, int levels, int count, long seed) {
        Random random = new Random(seed);
        byte[] data = new byte[count * shape.dimensions()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) random.nextInt(levels);
        }
        return Levels.of(shape, levels, count, data);
    }

    private static float[] logProbabilities(AutoregressiveNetwork network, float[] weights, Levels images) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGradient = new NoGradGuard()) {
            Tensor flat = Tensors.of(weights, weights.length);
            Tensor scaled = Likelihood.scaled(Likelihood.tensor(images), network.levels());
            return Tensors.toFloats(new Likelihood(network)
                    .logProbabilities(new TorchOperations(network.parameters().view(flat)), scaled));
        }
    }

    /** Where the dimension at place d of the chain rule lies in a tensor of shape (N, C, H, W). */
    private static int offset(AutoregressiveNetwork network, int image, int d) {
        ImageShape s = network.shape();
        return image * s.dimensions() + DimensionOrder.offset(s, network.order().at(d));
    }

    /** Weights with which a network gives these outputs at every pixel. */
    static float[] constant(AutoregressiveNetwork network, float... outputs) {
        float[] weights = new float[network.parameters().size()];
        int at = 0;
        for (ParameterLayout.Entry entry : network.parameters().entries()) {
            if (entry.name().equals("output.bias")) {
                System.arraycopy(outputs, 0, weights, at, outputs.length);
            }
            at += entry.size();
        }
        return weights;
    }
}
