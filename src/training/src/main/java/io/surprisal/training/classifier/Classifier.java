package io.surprisal.training.classifier;

import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.data.ImageSet;
import io.surprisal.training.weights.ParameterLayout;
import io.surprisal.training.weights.Tensors;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A trained image classifier that can be attacked: it answers with classes, and with the gradient of its loss by the image.
 *
 * <p>An image enters as levels 0..L−1, as bytes or, on the way of an attack between two levels, as floats. The images of a batch do
 * not influence each other. Safe for use by many threads at once: each call runs on the thread that makes it.
 */
public final class Classifier implements AutoCloseable {
    /** Images of one pass, which bounds the memory for activations. */
    private static final int BATCH = 250;

    private final ClassifierNetwork network;
    private final ParameterLayout layout;
    private final int levels;
    private final Tensor weights;

    Classifier(ClassifierNetwork network, int levels, float[] weights) {
        this.network = network;
        this.layout = network.parameters();
        this.levels = levels;
        if (weights.length != layout.size()) {
            throw new IllegalArgumentException(
                    "expected " + layout.size() + " weights for " + network + ", found " + weights.length);
        }
        this.weights = Tensors.of(weights, weights.length);
    }

    public ImageShape shape() {
        return network.shape();
    }

    /** L: levels are 0..L−1. */
    public int levels() {
        return levels;
    }

    public int classes() {
        return network.classes();
    }

    /** The most probable class of each image, 0..{@link #classes()}−1. */
    public int[] predict(Levels images) {
        requireShape(images);
        int[] predicted = new int[images.count()];
        for (int from = 0; from < predicted.length; from += BATCH) {
            Levels part = images.slice(from, Math.min(predicted.length, from + BATCH));
            float[] logits = forward(floats(part.data()), part.count());
            for (int i = 0; i < part.count(); i++) {
                predicted[from + i] = largest(logits, i * classes(), classes());
            }
        }
        return predicted;
    }

    /** The share of images whose most probable class is their label, 0..1; the set must have labels. */
    public double accuracy(ImageSet images) {
        int[] labels = images.labels();
        if (labels == null) {
            throw new IllegalArgumentException(images.name() + ": expected labels, found none");
        }
        int[] predicted = predict(images.images());
        int correct = 0;
        for (int i = 0; i < labels.length; i++) {
            correct += predicted[i] == labels[i] ? 1 : 0;
        }
        return (double) correct / labels.length;
    }

    /**
     * The cross-entropy −ln p(label | image) of each image.
     *
     * @param images N·C·H·W levels, NCHW, not necessarily whole numbers
     * @param labels N classes
     * @return N losses, nats
     */
    public float[] losses(float[] images, int[] labels) {
        requireSize(images, labels);
        int size = shape().dimensions();
        float[] losses = new float[labels.length];
        for (int from = 0; from < labels.length; from += BATCH) {
            int to = Math.min(labels.length, from + BATCH);
            set_num_threads(1);
            try (PointerScope scope = new PointerScope();
                    NoGradGuard noGradient = new NoGradGuard()) {
                Tensor x = tensor(Arrays.copyOfRange(images, from * size, to * size), to - from);
                float[] part = Tensors.toFloats(loss(x, Arrays.copyOfRange(labels, from, to)));
                System.arraycopy(part, 0, losses, from, part.length);
            }
        }
        return losses;
    }

    /**
     * The gradient of each image's own {@linkplain #losses loss} by its levels.
     *
     * @param images N·C·H·W levels, NCHW, not necessarily whole numbers
     * @param labels N classes
     * @return N·C·H·W numbers, nats a level, NCHW
     */
    public float[] lossGradients(float[] images, int[] labels) {
        requireSize(images, labels);
        int size = shape().dimensions();
        float[] gradients = new float[images.length];
        for (int from = 0; from < labels.length; from += BATCH) {
            int to = Math.min(labels.length, from + BATCH);
            set_num_threads(1);
            try (PointerScope scope = new PointerScope()) {
                Tensor x = tensor(Arrays.copyOfRange(images, from * size, to * size), to - from);
                x.set_requires_grad(true);
                // The sum, not the mean: an image's gradient must not depend on how many others are in its batch.
                loss(x, Arrays.copyOfRange(labels, from, to)).sum().backward();
                float[] part = Tensors.toFloats(x.grad());
                System.arraycopy(part, 0, gradients, from * size, part.length);
            }
        }
        return gradients;
    }

    /**
     * The unnormalised log-probabilities of each class.
     *
     * @param images N·C·H·W levels, NCHW, not necessarily whole numbers
     * @param count N
     * @return N·K numbers, image by image
     */
    public float[] logits(float[] images, int count) {
        int size = shape().dimensions();
        float[] logits = new float[count * classes()];
        for (int from = 0; from < count; from += BATCH) {
            int to = Math.min(count, from + BATCH);
            float[] part = forward(Arrays.copyOfRange(images, from * size, to * size), to - from);
            System.arraycopy(part, 0, logits, from * classes(), part.length);
        }
        return logits;
    }

    /**
     * Logits, and the gradient of any function of them: one pass forward and one back.
     *
     * @param logits N·K numbers, image by image
     * @param gradients N·C·H·W numbers, NCHW: Σ_k derivative_k · ∂logit_k/∂level
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record PullBack(float[] logits, float[] gradients) {}

    /**
     * Pulls derivatives by the logits back to derivatives by the levels.
     *
     * @param images N·C·H·W levels, NCHW, not necessarily whole numbers; all in one pass, so N bounds the memory
     * @param count N
     * @param derivatives N·K logits to N·K partial derivatives of the function by them
     */
    public PullBack pullBack(float[] images, int count, UnaryOperator<float[]> derivatives) {
        set_num_threads(1);
        try (PointerScope scope = new PointerScope()) {
            Tensor x = tensor(images, count);
            x.set_requires_grad(true);
            Tensor logits = network.logits(layout.view(weights), scaled(x, levels));
            float[] values = Tensors.toFloats(logits);
            logits.mul(Tensors.of(derivatives.apply(values), count, classes()))
                    .sum()
                    .backward();
            return new PullBack(values, Tensors.toFloats(x.grad()));
        }
    }

    @Override
    public void close() {
        weights.close();
    }

    ClassifierNetwork network() {
        return network;
    }

    float[] weights() {
        return Tensors.toFloats(weights);
    }

    private float[] forward(float[] images, int count) {
        set_num_threads(1);
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGradient = new NoGradGuard()) {
            return Tensors.toFloats(network.logits(layout.view(weights), scaled(tensor(images, count), levels)));
        }
    }

    private Tensor loss(Tensor x, int[] labels) {
        return crossEntropy(network.logits(layout.view(weights), scaled(x, levels)), labels);
    }

    /** −ln p of the labels, shape (N). */
    static Tensor crossEntropy(Tensor logits, int[] labels) {
        long[] index = Arrays.stream(labels).asLongStream().toArray();
        Tensor target = torch.from_blob(
                        new LongPointer(index), new long[] {index.length, 1}, new TensorOptions(ScalarType.Long))
                .clone();
        return log_softmax(logits, 1).gather(1, target).squeeze(1).neg();
    }

    /** Levels 0..L−1 to −1..1. */
    static Tensor scaled(Tensor x, int levels) {
        return x.mul(new Scalar(2f / (levels - 1))).sub(new Scalar(1f));
    }

    private Tensor tensor(float[] images, int count) {
        return Tensors.of(images, count, shape().channels(), shape().height(), shape().width());
    }

    static float[] floats(byte[] levels) {
        float[] values = new float[levels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Byte.toUnsignedInt(levels[i]);
        }
        return values;
    }

    private static int largest(float[] values, int from, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (values[from + i] > values[from + best]) {
                best = i;
            }
        }
        return best;
    }

    private void requireShape(Levels images) {
        if (!images.shape().equals(shape()) || images.levels() != levels) {
            throw new IllegalArgumentException("expected " + shape() + " images of " + levels + " levels, found "
                    + images.shape() + " of " + images.levels());
        }
    }

    private void requireSize(float[] images, int[] labels) {
        if (images.length != labels.length * shape().dimensions()) {
            throw new IllegalArgumentException("expected " + labels.length * shape().dimensions() + " levels for "
                    + labels.length + " labels, found " + images.length);
        }
        for (int label : labels) {
            if (label < 0 || label >= classes()) {
                throw new IllegalArgumentException("expected labels 0 to " + (classes() - 1) + ", found " + label);
            }
        }
    }
}
