package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;
import java.util.Arrays;

/**
 * DeepFool for ℓ2 (Moosavi-Dezfooli, Fawzi and Frossard, CVPR 2016, algorithm 2): again and again the shortest step to the nearest
 * class border of the classifier made linear, until the class changes; the sum of the steps is stretched by {@value #OVERSHOOT}.
 *
 * <p>The paper stops at real numbers. Rounding to whole levels can undo so small a change, so the stretch is doubled until the rounded
 * image is misclassified, {@value #STRETCHES} times at most.
 *
 * @param region what may change
 * @param steps at most; 50 in the authors' code
 */
public record DeepFool(Region region, int steps) implements Attack {
    static final double OVERSHOOT = 0.02;
    static final int STRETCHES = 5;

    public DeepFool {
        Attack.requireSteps(steps);
    }

    @Override
    public String name() {
        return "deepfool";
    }

    @Override
    public String budget() {
        return "least ℓ2";
    }

    @Override
    public Levels perturb(Levels clean, int[] labels, Victim victim) {
        EpsilonBall box = new EpsilonBall(clean, clean.levels() - 1, region);
        float[] start = box.centre();
        int size = clean.shape().dimensions();
        float[] total = new float[start.length];
        Batch going = Batch.all(labels.length);
        for (int step = 0; step < steps && going.size() > 0; step++) {
            float[] x = new float[start.length];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) (start[i] + (1 + OVERSHOOT) * total[i]);
            }
            box.project(x);
            float[] part = going.gather(x, size);
            int[] partLabels = going.gather(labels);
            float[] logits = victim.logits(part, going.size());
            going = going.keep(i -> Batch.argmax(logits, i, victim.classes()) == partLabels[i]);
            step(going, going.gather(x, size), going.gather(labels), victim, box, total, size);
        }
        return stretch(box, start, total, labels, victim, size);
    }

    /** Adds to each image's total the shortest way to a border: |f_k| / ‖w_k‖² · w_k for the nearest k. */
    private static void step(
            Batch going, float[] x, int[] labels, Victim victim, EpsilonBall box, float[] total, int size) {
        int count = going.size();
        if (count == 0) {
            return;
        }
        int classes = victim.classes();
        float[][] rows = new float[classes][];
        float[] logits = new float[0];
        for (int k = 0; k < classes; k++) {
            int[] every = new int[count];
            Arrays.fill(every, k);
            Victim.Ascent ascent = victim.ascent(x, every, Objective.LOGIT);
            rows[k] = ascent.gradients();
            logits = ascent.logits();
        }
        for (int i = 0; i < count; i++) {
            int place = going.place(i);
            int nearest = -1;
            double least = Double.POSITIVE_INFINITY;
            double scale = 0;
            for (int k = 0; k < classes; k++) {
                if (k == labels[i]) {
                    continue;
                }
                double squares = 0;
                for (int d = 0; d < size; d++) {
                    if (box.mayChange(place * size + d)) {
                        double w = (double) rows[k][i * size + d] - rows[labels[i]][i * size + d];
                        squares += w * w;
                    }
                }
                double gap = Math.abs(logits[i * classes + k] - logits[i * classes + labels[i]]) + 1e-4;
                if (squares > 0 && gap / Math.sqrt(squares) < least) {
                    least = gap / Math.sqrt(squares);
                    nearest = k;
                    scale = gap / squares;
                }
            }
            for (int d = 0; nearest >= 0 && d < size; d++) {
                if (box.mayChange(place * size + d)) {
                    total[place * size + d] +=
                            (float) (scale * (rows[nearest][i * size + d] - rows[labels[i]][i * size + d]));
                }
            }
        }
    }

    private static Levels stretch(
            EpsilonBall box, float[] start, float[] total, int[] labels, Victim victim, int size) {
        float[] best = start.clone();
        Batch going = Batch.all(labels.length);
        double overshoot = OVERSHOOT;
        for (int stretch = 0; stretch <= STRETCHES && going.size() > 0; stretch++, overshoot *= 2) {
            for (int i = 0; i < going.size(); i++) {
                for (int d = going.place(i) * size; d < (going.place(i) + 1) * size; d++) {
                    best[d] = (float) (start[d] + (1 + overshoot) * total[d]);
                }
            }
            box.round(best);
            float[] logits = victim.logits(going.gather(best, size), going.size());
            int[] partLabels = going.gather(labels);
            going = going.keep(i -> Batch.argmax(logits, i, victim.classes()) == partLabels[i]);
        }
        return box.quantise(best);
    }
}
