package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;

/**
 * The fast gradient sign method: x + ε·sign(∇loss) (Goodfellow, Shlens and Szegedy, "Explaining and Harnessing Adversarial
 * Examples", ICLR 2015, section 4). A dimension without gradient stays as it is.
 *
 * @param epsilon levels
 * @param region what may change
 */
public record Fgsm(int epsilon, Region region) implements Attack {

    public Fgsm {
        Attack.requireEpsilon(epsilon);
    }

    @Override
    public String name() {
        return "fgsm";
    }

    @Override
    public String budget() {
        return Attack.epsilonBudget(epsilon);
    }

    @Override
    public Levels perturb(Levels clean, int[] labels, Victim victim) {
        EpsilonBall ball = new EpsilonBall(clean, epsilon, region);
        float[] x = ball.centre();
        float[] gradient = victim.ascent(x, labels, Objective.CROSS_ENTROPY).gradients();
        for (int i = 0; i < x.length; i++) {
            x[i] += epsilon * Math.signum(gradient[i]);
        }
        return ball.quantise(x);
    }
}
