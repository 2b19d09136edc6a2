package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;

/**
 * The momentum iterative fast gradient sign method (Dong et al., "Boosting Adversarial Attacks with Momentum", CVPR 2018, algorithm 1): from the clean
 * image, steps of ε/steps along the sign of a running sum of gradients, each gradient scaled to an ℓ1 norm of one before it is added and the
 * sum so far kept whole (μ = 1).
 *
 * <p>The sum remembers where the loss has been rising all along and forgets what only the last point said, which is what two classifiers
 * have in common least: images made so transfer where those of PGD overfit the classifier they were made against (their table 1).
 *
 * @param epsilon levels
 * @param region what may change
 * @param steps at least 1; 10 in the paper
 */
public record MomentumFgsm(int epsilon, Region region, int steps) implements Attack {
    private static final float DECAY = 1; // μ of the paper, its best in section 4.2.1

    public MomentumFgsm {
        Attack.requireEpsilon(epsilon);
        Attack.requireSteps(steps);
    }

    @Override
    public String name() {
        return "mi-fgsm";
    }

    @Override
    public String budget() {
        return Attack.epsilonBudget(epsilon);
    }

    @Override
    public Levels perturb(Levels clean, int[] labels, Victim victim) {
        EpsilonBall ball = new EpsilonBall(clean, epsilon, region);
        int size = clean.shape().dimensions();
        float[] x = ball.centre();
        float[] momentum = new float[x.length];
        float length = (float) epsilon / steps;
        for (int step = 0; step < steps; step++) {
            float[] gradient = victim.ascent(x, labels, Objective.CROSS_ENTROPY).gradients();
            for (int image = 0; image < labels.length; image++) {
                add(gradient, momentum, image * size, size);
            }
            for (int i = 0; i < x.length; i++) {
                x[i] += length * Math.signum(momentum[i]);
            }
            ball.project(x);
        }
        return ball.quantise(x);
    }

    private static void add(float[] gradient, float[] momentum, int start, int size) {
        double norm = 0;
        for (int i = start; i < start + size; i++) {
            norm += Math.abs(gradient[i]);
        }
        for (int i = start; i < start + size; i++) {
            // A loss without a slope says nothing new.
            momentum[i] = DECAY * momentum[i] + (norm > 0 ? (float) (gradient[i] / norm) : 0);
        }
    }
}
