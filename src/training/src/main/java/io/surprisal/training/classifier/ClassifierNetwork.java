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
 * Two convolutions that each halve the image, then two dense layers, as the {@link ClassifierArchitecture} says.
 *
 * @param architecture of the layers
 * @param shape of the images; at least 4×4
 * @param classes at least 2
 */
record ClassifierNetwork(ClassifierArchitecture architecture, ImageShape shape, int classes) {
    private static final long[] ONE = {1, 1};
    private static final long[] TWO = {2, 2};

    ClassifierNetwork {
        if (shape.height() < 4 || shape.width() < 4) {
            throw new IllegalArgumentException("expected images of at least 4×4 pixels, found " + shape);
        }
        if (classes < 2) {
            throw new IllegalArgumentException("expected at least 2 classes, found " + classes);
        }
    }

    String describe() {
        return architecture.describe(classes);
    }

    ParameterLayout parameters() {
        int first = architecture.first();
        int second = architecture.second();
        int side = architecture.side();
        int halved = second * architecture.quarter(shape.height()) * architecture.quarter(shape.width());
        ParameterLayout.Builder parameters = ParameterLayout.builder();
        declare(parameters, "conv1", 2, first, shape.channels(), side, side);
        declare(parameters, "conv2", 2, second, first, side, side);
        declare(parameters, "dense1", 2, architecture.hidden(), halved);
        declare(parameters, "dense2", 1, classes, architecture.hidden());
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

    private Tensor layer(Parameters parameters, String name, Tensor x) {
        TensorOptional bias = new TensorOptional(parameters.get(name + ".bias"));
        Tensor weight = parameters.get(name + ".weight");
        int border = architecture.side() / 2;
        long[] padding = {border, border};
        return switch (architecture) {
            case POOLED ->
                max_pool2d(conv2d(x, weight, bias, ONE, padding, ONE, 1).relu(), 2, 2);
            case STRIDED -> conv2d(x, weight, bias, TWO, padding, ONE, 1).relu();
        };
    }

    private static Tensor dense(Parameters parameters, String name, Tensor x) {
        return linear(x, parameters.get(name + ".weight"), new TensorOptional(parameters.get(name + ".bias")));
    }
}
