package io.surprisal.evaluation.protocol;

import io.surprisal.evaluation.attack.Objective;
import io.surprisal.evaluation.attack.Victim;
import io.surprisal.evaluation.score.Workers;
import io.surprisal.training.classifier.Classifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/** A classifier as a victim, a part of the images on each worker. An image's gradient is its own, so the parts do not matter. */
final class ParallelVictim implements Victim {
    private static final int BATCH = 50;

    private final Classifier classifier;
    private final Workers workers;

    ParallelVictim(Classifier classifier, Workers workers) {
        this.classifier = classifier;
        this.workers = workers;
    }

    @Override
    public int classes() {
        return classifier.classes();
    }

    @Override
    public float[] logits(float[] images, int count) {
        int size = classifier.shape().dimensions();
        int classes = classes();
        float[] logits = new float[count * classes];
        inParts(count, (from, to) -> {
            float[] part = classifier.logits(Arrays.copyOfRange(images, from * size, to * size), to - from);
            System.arraycopy(part, 0, logits, from * classes, part.length);
        });
        return logits;
    }

    @Override
    public Ascent ascent(float[] images, int[] labels, Objective objective) {
        int size = classifier.shape().dimensions();
        int classes = classes();
        float[] logits = new float[labels.length * classes];
        float[] gradients = new float[images.length];
        inParts(labels.length, (from, to) -> {
            Classifier.PullBack part = classifier.pullBack(
                    Arrays.copyOfRange(images, from * size, to * size),
                    to - from,
                    values -> derivatives(values, Arrays.copyOfRange(labels, from, to), objective));
            System.arraycopy(part.logits(), 0, logits, from * classes, part.logits().length);
            System.arraycopy(part.gradients(), 0, gradients, from * size, part.gradients().length);
        });
        return new Ascent(logits, gradients);
    }

    private float[] derivatives(float[] logits, int[] labels, Objective objective) {
        int classes = classes();
        float[] derivatives = new float[logits.length];
        float[] into = new float[classes];
        for (int image = 0; image < labels.length; image++) {
            float[] own = Arrays.copyOfRange(logits, image * classes, (image + 1) * classes);
            objective.derivatives(own, labels[image], into);
            System.arraycopy(into, 0, derivatives, image * classes, classes);
        }
        return derivatives;
    }

    private interface Part {
        void run(int from, int to);
    }

    private void inParts(int count, Part part) {
        List<Callable<Integer>> parts = new ArrayList<>();
        for (int from = 0; from < count; from += BATCH) {
            int start = from;
            int end = Math.min(count, from + BATCH);
            parts.add(() -> {
                part.run(start, end);
                return end - start;
            });
        }
        workers.run(parts, done -> {});
    }
}
