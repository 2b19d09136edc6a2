package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;
import java.util.Random;

/**
 * The control: each dimension moves by a whole number drawn evenly from −ε..ε, whatever the classifier. As large as an attack, and
 * harmless: a detector that flags only this much has not detected an intention.
 *
 * @param epsilon levels
 * @param region what may change
 * @param seed of the draws
 */
public record UniformNoise(int epsilon, Region region, long seed) implements Attack {

    public UniformNoise {
        Attack.requireEpsilon(epsilon);
    }

    @Override
    public String name() {
        return "noise";
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
            x[i] += random.nextInt(2 * epsilon + 1) - epsilon;
        }
        return ball.quantise(x);
    }
}
