package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;
import java.util.Arrays;
import java.util.Random;

/**
 * Auto-PGD (Croce and Hein, "Reliable Evaluation of Adversarial Robustness with an Ensemble of Diverse Parameter-Free Attacks", ICML 2020,
 * algorithm 1): steps with momentum 0.75 from 2ε, halved for each image at checkpoints where it has not gained often enough or not at all, each
 * time starting again from the best point so far.
 *
 * @param epsilon levels
 * @param region what may change
 * @param objective {@link Objective#CROSS_ENTROPY} for APGD-CE, {@link Objective#LOGITS_RATIO} for APGD-DLR
 * @param steps 100 in the paper
 * @param seed of the random start
 */
public record AutoPgd(int epsilon, Region region, Objective objective, int steps, long seed) implements Attack {
    private static final double MOMENTUM = 0.75;
    private static final double ENOUGH = 0.75;

    public AutoPgd {
        Attack.requireEpsilon(epsilon);
        Attack.requireSteps(steps);
    }

    @Override
    public String name() {
        return objective instanceof LogitsRatio ? "apgd-dlr" : "apgd-ce";
    }

    @Override
    public String budget() {
        return Attack.epsilonBudget(epsilon);
    }

    @Override
    public Levels perturb(Levels clean, int[] labels, Victim victim) {
        return new Run(clean, labels, victim).climb();
    }

    private final class Run {
        private final EpsilonBall ball;
        private final int[] labels;
        private final Victim victim;
        private final int size;
        private final float[] best;
        private final float[] bestGradient;
        private final double[] bestValue;
        private final double[] step;
        private final double[] valueBefore; // at the last checkpoint
        private final double[] stepBefore;
        private final int[] gains;
        private final double[] last;

        Run(Levels clean, int[] labels, Victim victim) {
            this.ball = new EpsilonBall(clean, epsilon, region);
            this.labels = labels;
            this.victim = victim;
            this.size = clean.shape().dimensions();
            this.best = ball.centre();
            this.bestGradient = new float[best.length];
            this.bestValue = new double[labels.length];
            this.step = new double[labels.length];
            this.valueBefore = new double[labels.length];
            this.stepBefore = new double[labels.length];
            this.gains = new int[labels.length];
            this.last = new double[labels.length];
        }

        Levels climb() {
            Random random = new Random(seed);
            float[] x = best.clone();
            for (int i = 0; i < x.length; i++) {
                x[i] += epsilon * (2 * random.nextFloat() - 1);
            }
            ball.project(x);
            Victim.Ascent ascent = victim.ascent(x, labels, objective);
            float[] gradient = ascent.gradients();
            for (int image = 0; image < labels.length; image++) {
                last[image] = value(ascent, image);
                bestValue[image] = last[image];
                step[image] = 2.0 * epsilon;
                keep(x, gradient, image);
            }
            System.arraycopy(bestValue, 0, valueBefore, 0, labels.length);
            System.arraycopy(step, 0, stepBefore, 0, labels.length);
            float[] before = x.clone();
            int period = Math.max(1, (int) Math.ceil(0.22 * steps));
            int sinceCheckpoint = 0;
            for (int k = 0; k < steps; k++) {
                float[] next = move(x, before, gradient, k == 0 ? 1 : MOMENTUM);
                before = x;
                x = next;
                ascent = victim.ascent(x, labels, objective);
                gradient = ascent.gradients();
                for (int image = 0; image < labels.length; image++) {
                    double value = value(ascent, image);
                    gains[image] += value > last[image] ? 1 : 0;
                    last[image] = value;
                    if (value > bestValue[image]) {
                        bestValue[image] = value;
                        keep(x, gradient, image);
                    }
                }
                if (++sinceCheckpoint == period) {
                    checkpoint(x, gradient, period);
                    sinceCheckpoint = 0;
                    period = Math.max(Math.max(1, (int) (0.06 * steps)), period - Math.max(1, (int) (0.03 * steps)));
                }
            }
            return ball.quantise(best);
        }

        private float[] move(float[] x, float[] before, float[] gradient, double momentum) {
            float[] z = new float[x.length];
            for (int i = 0; i < x.length; i++) {
                z[i] = (float) (x[i] + step[i / size] * Math.signum(gradient[i]));
            }
            ball.project(z);
            for (int i = 0; i < x.length; i++) {
                z[i] = (float) (x[i] + momentum * (z[i] - x[i]) + (1 - momentum) * (x[i] - before[i]));
            }
            ball.project(z);
            return z;
        }

        /** Conditions 1 and 2 of the paper; where one holds, half the step from the best point. */
        private void checkpoint(float[] x, float[] gradient, int period) {
            for (int image = 0; image < labels.length; image++) {
                boolean tooFewGains = gains[image] < ENOUGH * period;
                boolean stuck = stepBefore[image] == step[image] && valueBefore[image] == bestValue[image];
                stepBefore[image] = step[image];
                valueBefore[image] = bestValue[image];
                if (tooFewGains || stuck) {
                    step[image] /= 2;
                    System.arraycopy(best, image * size, x, image * size, size);
                    System.arraycopy(bestGradient, image * size, gradient, image * size, size);
                    last[image] = bestValue[image];
                }
                gains[image] = 0;
            }
        }

        private void keep(float[] x, float[] gradient, int image) {
            System.arraycopy(x, image * size, best, image * size, size);
            System.arraycopy(gradient, image * size, bestGradient, image * size, size);
        }

        private double value(Victim.Ascent ascent, int image) {
            int classes = victim.classes();
            float[] logits = Arrays.copyOfRange(ascent.logits(), image * classes, (image + 1) * classes);
            return objective.value(logits, labels[image]);
        }
    }
}
