package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;
import java.util.Random;

/**
 * Projected gradient descent (Madry et al., "Towards Deep Learning Models Resistant to Adversarial Attacks", ICLR 2018, section 2.1):
 * from a random point of the ball, steps of a fixed size along the sign of the gradient, each followed by a projection back into the
 * ball. The basic iterative method (Kurakin 2017) is the same without the random start.
 *
 * <p>Iterates are real numbers; only the last is rounded. The step is 2.5·ε/steps, as in Madry's code: the far side of the ball can
 * be reached from any start.
 *
 * @param epsilon levels
 * @param region what may change
 * @param steps at least 1
 * @param seed of the random start
 */
public record Pgd(int epsilon, Region region, int steps, long seed) implements Attack {

    public Pgd {
        Attack.requireEpsilon(epsilon);
        Attack.requireSteps(steps);
    }

    @Override
    public String name() {
        return "pgd";
    }

    /** Levels a step. */
    public float stepSize() {
        return 2.5f * epsilon / steps;
    }

    @Override
    public String budget() {
        return Attack.epsilonBudget(epsilon);
    }

    @Override
    public Levels perturb(Levels clean, int[] labels, Victim victim) {
        EpsilonBall ball = new EpsilonBall(clean, epsilon, region);
        float[] x = ball.centre();
        Random random = new Random(seed);
        for (int i = 0; i < x.length; i++) {
            x[i] += epsilon * (2 * random.nextFloat() - 1);
        }
        ball.project(x);
        for (int step = 0; step < steps; step++) {
            float[] gradient = victim.ascent(x, labels, Objective.CROSS_ENTROPY).gradients();
            for (int i = 0; i < x.length; i++) {
                x[i] += stepSize() * Math.signum(gradient[i]);
            }
            ball.project(x);
        }
        return ball.quantise(x);
    }
}
