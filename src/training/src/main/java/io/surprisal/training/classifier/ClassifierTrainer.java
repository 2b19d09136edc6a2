package io.surprisal.training.classifier;

import static org.bytedeco.pytorch.global.torch.set_num_threads;
import static org.bytedeco.pytorch.global.torch.zeros_like;

import io.surprisal.training.data.ImageSet;
import io.surprisal.training.fit.Adam;
import io.surprisal.training.weights.ParameterLayout;
import io.surprisal.training.weights.Tensors;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Trains a {@link Classifier} by cross-entropy with Adam, and hands back the moving average of its weights. One thread: the network
 * is too small to gain much from more, and the weights do not depend on how many the machine has.
 */
public final class ClassifierTrainer {
    private static final double GRADIENT_NORM = 5;
    private static final double AVERAGE_DECAY = 0.995;

    private final ClassifierPlan plan;
    private final Listener listener;

    /** Hears how it is going, on the training thread. */
    @FunctionalInterface
    public interface Listener {
        /**
         * After each step.
         *
         * @param images seen so far, repetitions counted
         * @param of how many there will be in all
         * @param loss of this step's images, nats
         */
        void step(long images, long of, double loss);
    }

    public ClassifierTrainer(ClassifierPlan plan, Listener listener) {
        this.plan = plan;
        this.listener = listener;
    }

    /**
     * @param images with labels 0..K−1, which makes K classes
     * @throws IllegalArgumentException when there are no labels, fewer than two classes, or images smaller than 4×4
     * @throws IllegalStateException when the loss stops being a number
     */
    public Classifier train(ImageSet images) {
        int[] labels = requireLabels(images);
        ClassifierNetwork network = new ClassifierNetwork(
                plan.architecture(),
                images.images().shape(),
                Arrays.stream(labels).max().orElse(0) + 1);
        set_num_threads(1);
        float[] initial = network.parameters().initial(plan.seed());
        try (Tensor weights = Tensors.of(initial, initial.length);
                Tensor first = zeros_like(weights);
                Tensor second = zeros_like(weights);
                Tensor average = Tensors.of(initial, initial.length)) {
            weights.set_requires_grad(true);
            run(network, images, weights, new Adam(weights, first, second, average));
            return new Classifier(network, images.images().levels(), Tensors.toFloats(average));
        }
    }

    private void run(ClassifierNetwork network, ImageSet images, Tensor weights, Adam adam) {
        ParameterLayout layout = network.parameters();
        int batch = Math.min(plan.batch(), images.size());
        int stepsAnEpoch = images.size() / batch;
        long steps = (long) stepsAnEpoch * plan.epochs();
        int[] order = IntStream.range(0, images.size()).toArray();
        Random random = new Random(plan.seed());
        for (long step = 1; step <= steps; step++) {
            int from = Math.toIntExact((step - 1) % stepsAnEpoch) * batch;
            if (from == 0) {
                shuffle(order, random);
            }
            ImageSet part = images.pick(images.name(), Arrays.copyOfRange(order, from, from + batch));
            double rate = plan.learningRate(step / (double) steps);
            listener.step(step * batch, steps * batch, step(network, layout, part, weights, adam, step, rate));
        }
    }

    private static void shuffle(int[] order, Random random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
    }

    private static double step(
            ClassifierNetwork network,
            ParameterLayout layout,
            ImageSet part,
            Tensor weights,
            Adam adam,
            long step,
            double learningRate) {
        try (PointerScope scope = new PointerScope()) {
            var shape = network.shape();
            float[] levels = Classifier.floats(part.images().data());
            Tensor x = Tensors.of(levels, part.size(), shape.channels(), shape.height(), shape.width());
            Tensor logits = network.logits(
                    layout.view(weights), Classifier.scaled(x, part.images().levels()));
            Tensor loss = Classifier.crossEntropy(logits, requireLabels(part)).mean();
            loss.backward();
            double norm = adam.step(step, learningRate, GRADIENT_NORM, AVERAGE_DECAY);
            double nats = loss.item_float();
            if (!(nats < Double.POSITIVE_INFINITY && norm < Double.POSITIVE_INFINITY)) {
                throw new IllegalStateException("the classifier's training diverged at step " + step + ": loss " + nats
                        + ", gradient " + norm + "; try a lower learning rate");
            }
            return nats;
        }
    }

    private static int[] requireLabels(ImageSet images) {
        int[] labels = images.labels();
        if (labels == null) {
            throw new IllegalArgumentException(images.name() + ": expected a label for each image, found none");
        }
        return labels;
    }
}
