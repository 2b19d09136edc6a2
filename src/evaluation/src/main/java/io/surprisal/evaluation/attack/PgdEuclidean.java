package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;
import java.util.Random;

/**
 * Projected gradient descent in an ℓ2 ball (Madry et al., ICLR 2018; the steps of Madry's robustness library): from a random point of the
 * ball, steps of 2.5·ε/steps along the gradient itself, scaled to length one, each followed by a projection back into the ball.
 *
 * <p>An image with no gradient stays where it is. Rounding to whole levels can leave the ball by half a level in each dimension, so the
 * perturbation is shortened until the rounded one is inside.
 *
 * @param epsilon the longest a perturbation of one image may be, levels; half the side of the unit cube, which papers call 0.5, is 128
 * @param steps at least 1
 * @param seed of the random start
 */
public record PgdEuclidean(int epsilon, int steps, long seed) implements Attack {
    private static final int SHORTENINGS = 12;

    public PgdEuclidean {
        Attack.requireSteps(steps);
        if (epsilon < 1) {
            throw new IllegalArgumentException("expected a length of at least 1 level, found " + epsilon);
        }
    }

    @Override
    public String name() {
        return "pgd-l2";
    }

    @Override
    public String budget() {
        return "ℓ2 ε = " + epsilon;
    }

    @Override
    public Region region() {
        return Region.EVERYWHERE;
    }

    @Override
    public Levels perturb(Levels clean, int[] labels, Victim victim) {
        EpsilonBall box = new EpsilonBall(clean, clean.levels() - 1, Region.EVERYWHERE);
        float[] centre = box.centre();
        int size = clean.shape().dimensions();
        float[] x = start(centre, size);
        project(x, centre, size);
        box.project(x);
        double length = 2.5 * epsilon / steps;
        for (int step = 0; step < steps; step++) {
            float[] gradient = victim.ascent(x, labels, Objective.CROSS_ENTROPY).gradients();
            for (int image = 0; image < labels.length; image++) {
                double norm = Euclidean.length(gradient, image * size, size);
                for (int i = image * size; i < (image + 1) * size && norm > 0; i++) {
                    x[i] += (float) (length / norm * gradient[i]);
                }
            }
            project(x, centre, size);
            box.project(x);
        }
        shorten(x, centre, box, size);
        return box.quantise(x);
    }

    /** Uniform in the ball: a direction at random, at a distance whose D-th power is uniform. */
    private float[] start(float[] centre, int size) {
        Random random = new Random(seed);
        float[] x = new float[centre.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        for (int image = 0; image < x.length / size; image++) {
            double scale =
                    epsilon * Math.pow(random.nextDouble(), 1.0 / size) / Euclidean.length(x, image * size, size);
            for (int i = image * size; i < (image + 1) * size; i++) {
                x[i] = (float) (centre[i] + scale * x[i]);
            }
        }
        return x;
    }

    private void project(float[] x, float[] centre, int size) {
        for (int image = 0; image < x.length / size; image++) {
            double norm = Euclidean.distance(x, centre, image * size, size);
            if (norm > epsilon) {
                scale(x, centre, image, size, epsilon / norm);
            }
        }
    }

    /** Until it is inside when it is rounded; what never is becomes the clean image. */
    private void shorten(float[] x, float[] centre, EpsilonBall box, int size) {
        boolean inside = false;
        for (int attempt = 0; !inside; attempt++) {
            float[] rounded = x.clone();
            box.round(rounded);
            inside = true;
            for (int image = 0; image < x.length / size; image++) {
                double norm = Euclidean.distance(rounded, centre, image * size, size);
                if (norm > epsilon) {
                    scale(x, centre, image, size, attempt < SHORTENINGS ? 0.99 * epsilon / norm : 0);
                    inside = false;
                }
            }
        }
    }

    private static void scale(float[] x, float[] centre, int image, int size, double factor) {
        for (int i = image * size; i < (image + 1) * size; i++) {
            x[i] = (float) (centre[i] + factor * (x[i] - centre[i]));
        }
    }
}
