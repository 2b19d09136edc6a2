package io.surprisal.training.classifier;

import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.max_pool2d;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.weights.ParameterLayout;
import io.surprisal.training.weights.Parameters;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/**
 * Two 3×3 convolutions, each with a ReLU and 2×2 maximum pooling, then two dense layers: the textbook network of LeCun 1998 with
 * today's activations, the kind of model the evasion literature attacks.
 *
 * @param shape of the images; at least 4×4
 * @param classes at least 2
 */
record ClassifierNetwork(ImageShape shape, int classes) {
    private static final int CHANNELS1 = 16;
    private static final int CHANNELS2 = 32;
    private static final int HIDDEN = 128;
    private static final long[] ONE = {1, 1};

    ClassifierNetwork {
        if (shape.height() < 4 || shape.width() < 4) {
            throw new IllegalArgumentException("expected images of at least 4×4 pixels, found " + shape);
        }
        if (classes < 2) {
            throw new IllegalArgumentException("expected at least 2 classes, found " + classes);
        }
    }

    String describe() {
        return "conv%d-conv%d-dense%d-dense%d".formatted(CHANNELS1, CHANNELS2, HIDDEN, classes);
    }

    ParameterLayout parameters() {
        int pooled = CHANNELS2 * (shape.height() / 4) * (shape.width() / 4);
        ParameterLayout.Builder parameters = ParameterLayout.builder();
        declare(parameters, "conv1", 2, CHANNELS1, shape.channels(), 3, 3);
        declare(parameters, "conv2", 2, CHANNELS2, CHANNELS1, 3, 3);
        declare(parameters, "dense1", 2, HIDDEN, pooled);
        declare(parameters, "dense2", 1, classes, HIDDEN);
        return parameters.build();
    }

    /** Normal weights of variance gain / fan-in (He 2015, eq. 10, for a gain of 2), no bias. */
    private static void declare(ParameterLayout.Builder parameters, String name, double gain, long... shape) {
        long fanIn = 1;
        for (int i = 1; i < shape.length; i++) {
            fanIn *= shape[i];
        }
        parameters.normal(name + ".weight", Math.sqrt(gain / fanIn), shape);
        parameters.zeros(name + ".bias", shape[0]);
    }

    /**
     * Unnormalised log-probabilities.
     *
     * @param image scaled to −1..1, shape (N, C, H, W)
     * @return shape (N, classes)
     */
    Tensor logits(Parameters parameters, Tensor image) {
        Tensor first = layer(parameters, "conv1", image);
        Tensor second = layer(parameters, "conv2", first);
        Tensor hidden = dense(parameters, "dense1", second.flatten(1, -1)).relu();
        return dense(parameters, "dense2", hidden);
    }

    private static Tensor layer(Parameters parameters, String name, Tensor x) {
        TensorOptional bias = new TensorOptional(parameters.get(name + ".bias"));
        Tensor features = conv2d(x, parameters.get(name + ".weight"), bias, ONE, ONE, ONE, 1);
        return max_pool2d(features.relu(), 2, 2);
    }

    private static Tensor dense(Parameters parameters, String name, Tensor x) {
        return linear(x, parameters.get(name + ".weight"), new TensorOptional(parameters.get(name + ".bias")));
    }
}
