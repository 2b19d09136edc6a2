package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;
import java.util.Random;

/** Ascent of the margin in some dimensions only, with no bound on how far: from random levels, along the sign of the gradient. */
final class Confined {

    private Confined() {}

    static Levels ascend(Levels clean, boolean[] inside, int[] labels, Victim victim, int steps, long seed) {
        EpsilonBall box = new EpsilonBall(clean, clean.levels() - 1, Region.EVERYWHERE);
        float[] x = box.centre();
        Random random = new Random(seed);
        for (int i = 0; i < x.length; i++) {
            float level = random.nextInt(clean.levels());
            x[i] = inside[i] ? level : x[i];
        }
        float step = 2.5f * (clean.levels() - 1) / steps;
        for (int s = 0; s < steps; s++) {
            float[] gradient = victim.ascent(x, labels, Objective.MARGIN).gradients();
            for (int i = 0; i < x.length; i++) {
                x[i] += inside[i] ? step * Math.signum(gradient[i]) : 0;
            }
            box.project(x);
        }
        return box.quantise(x);
    }

    /** Σ over channels of |gradient|: one number a pixel, image by image. */
    static double[] steepness(Levels clean, int[] labels, Victim victim) {
        EpsilonBall box = new EpsilonBall(clean, clean.levels() - 1, Region.EVERYWHERE);
        float[] gradient = victim.ascent(box.centre(), labels, Objective.MARGIN).gradients();
        int area = clean.shape().height() * clean.shape().width();
        int size = clean.shape().dimensions();
        double[] steepness = new double[clean.count() * area];
        for (int i = 0; i < gradient.length; i++) {
            steepness[i / size * area + i % area] += Math.abs(gradient[i]);
        }
        return steepness;
    }
}
