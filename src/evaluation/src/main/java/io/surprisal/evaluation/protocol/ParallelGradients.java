package io.surprisal.evaluation.protocol;

import io.surprisal.evaluation.attack.LossGradients;
import io.surprisal.evaluation.score.Workers;
import io.surprisal.training.classifier.Classifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * The gradients of a classifier's loss, a part of the images on each worker. An image's gradient is its own, so the parts do not
 * matter to the result.
 */
final class ParallelGradients implements LossGradients {
    private static final int BATCH = 100;

    private final Classifier classifier;
    private final Workers workers;

    ParallelGradients(Classifier classifier, Workers workers) {
        this.classifier = classifier;
        this.workers = workers;
    }

    @Override
    public float[] of(float[] images, int[] labels) {
        int size = classifier.shape().dimensions();
        float[] gradients = new float[images.length];
        List<Callable<Integer>> parts = new ArrayList<>();
        for (int from = 0; from < labels.length; from += BATCH) {
            int start = from;
            int end = Math.min(labels.length, from + BATCH);
            parts.add(() -> {
                float[] part = classifier.lossGradients(
                        Arrays.copyOfRange(images, start * size, end * size), Arrays.copyOfRange(labels, start, end));
                System.arraycopy(part, 0, gradients, start * size, part.length);
                return end - start;
            });
        }
        workers.run(parts, done -> {});
        return gradients;
    }
}
