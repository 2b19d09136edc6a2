package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;

/**
 * The basic iterative method (Kurakin, Goodfellow and Bengio, "Adversarial Examples in the Physical World", 2017, section 2.2): steps of one level
 * along the sign of the gradient from the clean image, min(ε + 4, 1.25 ε) of them, each followed by clipping to the ball.
 *
 * @param epsilon levels
 * @param region what may change
 */
public record Bim(int epsilon, Region region) implements Attack {

    public Bim {
        Attack.requireEpsilon(epsilon);
    }

    @Override
    public String name() {
        return "bim";
    }

    @Override
    public String budget() {
        return Attack.epsilonBudget(epsilon);
    }

    /** As the paper counts them, rounded up. */
    int steps() {
        return (int) Math.ceil(Math.min(epsilon + 4, 1.25 * epsilon));
    }

    @Override
    public Levels perturb(Levels clean, int[] labels, Victim victim) {
        EpsilonBall ball = new EpsilonBall(clean, epsilon, region);
        float[] x = ball.centre();
        for (int step = 0; step < steps(); step++) {
            float[] gradient = victim.ascent(x, labels, Objective.CROSS_ENTROPY).gradients();
            for (int i = 0; i < x.length; i++) {
                x[i] += Math.signum(gradient[i]);
            }
            ball.project(x);
        }
        return ball.quantise(x);
    }
}
