package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;
import java.util.Arrays;

/**
 * An attacker who knows the detector. From the clean image, projected steps that serve whichever of the two is not yet fooled: up the classifier's margin, or
 * down the detector's score.
 *
 * <ul>
 *   <li>{@link Way#ORTHOGONAL}: each step is made orthogonal to the other's gradient, so that it does not undo what was won (Bryniarski et al., "Evading
 *       Adversarial Example Detection Defenses with Orthogonal Projected Gradient Descent", ICLR 2022, section 4), unless it helps both;
 *   <li>{@link Way#PENALTY}: the sign of both gradients' weighted sum, each scaled to a mean size of one, λ doubled for an image when the classifier is fooled and the
 *       detector is not, halved when it is the other way about (Carlini and Wagner 2017b; Athalye et al. 2018 against PixelDefend).
 * </ul>
 *
 * <p>Of all rounded points on the way that the classifier has wrong, the one with the lowest score of the <em>deployed</em> detector is kept for each
 * image: whatever its threshold, no other point of this path would have done better.
 *
 * @param way how the two aims are weighed
 * @param epsilon levels
 * @param steps at least 1
 * @param guard the detector
 */
public record AdaptivePgd(Way way, int epsilon, int steps, Guard guard) implements Attack {
    private static final double MARGIN = 0.5; // so that rounding does not lose it
    private static final double PARALLEL = 1e-6; // less than this of a gradient is no direction of its own

    /** How the two aims are weighed. */
    public enum Way {
        ORTHOGONAL("orthogonal-pgd"),
        PENALTY("penalty-pgd");

        private final String label;

        Way(String label) {
            this.label = label;
        }
    }

    public AdaptivePgd {
        Attack.requireEpsilon(epsilon);
        Attack.requireSteps(steps);
    }

    @Override
    public String name() {
        return way.label + " against " + guard.name();
    }

    @Override
    public String budget() {
        return Attack.epsilonBudget(epsilon);
    }

    @Override
    public Region region() {
        return Region.EVERYWHERE;
    }

    @Override
    public Levels perturb(Levels clean, int[] labels, Victim victim) {
        EpsilonBall ball = new EpsilonBall(clean, epsilon, Region.EVERYWHERE);
        int size = clean.shape().dimensions();
        float[] x = ball.centre();
        float[] best = ball.centre();
        double[] lowest = new double[labels.length];
        Arrays.fill(lowest, Double.POSITIVE_INFINITY);
        double[] lambda = new double[labels.length];
        Arrays.fill(lambda, 1);
        for (int step = 0; step < steps; step++) {
            Victim.Ascent ascent = victim.ascent(x, labels, Objective.MARGIN);
            float[] score = guard.gradients(x, labels.length);
            // Large steps first, small ones at the end: from ε/2 down to half a level.
            double length = Math.max(0.5, 0.5 * epsilon * (1 - (double) step / steps));
            for (int image = 0; image < labels.length; image++) {
                boolean fooled = margin(ascent.logits(), image, labels[image], victim.classes()) > MARGIN;
                Direction direction = new Direction(ascent.gradients(), score, image * size, size);
                if (way == Way.ORTHOGONAL) {
                    direction.orthogonal(fooled, x, length);
                } else {
                    lambda[image] = Math.clamp(lambda[image] * (fooled ? 2 : 0.5), 1e-3, 1e3);
                    direction.penalised(lambda[image], x, length);
                }
            }
            ball.project(x);
            keepLowest(ball.quantise(x), labels, victim, lowest, best, size);
        }
        return ball.quantise(best);
    }

    private void keepLowest(Levels rounded, int[] labels, Victim victim, double[] lowest, float[] best, int size) {
        float[] whole = Batch.floats(rounded);
        float[] logits = victim.logits(whole, labels.length);
        double[] scores = guard.scores(rounded);
        for (int image = 0; image < labels.length; image++) {
            boolean wrong = Batch.argmax(logits, image, victim.classes()) != labels[image];
            if (wrong && scores[image] < lowest[image]) {
                lowest[image] = scores[image];
                System.arraycopy(whole, image * size, best, image * size, size);
            }
        }
    }

    private static double margin(float[] logits, int image, int label, int classes) {
        return Objective.MARGIN.value(Arrays.copyOfRange(logits, image * classes, (image + 1) * classes), label);
    }

    /** One image's gradients, of the margin and of the score. */
    private record Direction(float[] margin, float[] score, int start, int size) {

        void orthogonal(boolean fooled, float[] x, double length) {
            float[] wanted = fooled ? score : margin;
            float[] other = fooled ? margin : score;
            double dot = 0;
            double squares = 0;
            double whole = 0;
            for (int i = start; i < start + size; i++) {
                dot += (double) wanted[i] * other[i];
                squares += (double) other[i] * other[i];
            }
            // Only what is won from the other is protected: a step that serves both is taken as it is.
            double share = dot > 0 ? dot / squares : 0;
            double norm = 0;
            for (int i = start; i < start + size; i++) {
                double part = wanted[i] - share * other[i];
                norm += part * part;
                whole += (double) wanted[i] * wanted[i];
            }
            if (norm < PARALLEL * whole) {
                share = 0;
                norm = whole;
            }
            // As long as a step of so many levels in every dimension would be.
            double scale = norm > 0 ? length * Math.sqrt(size / norm) * (fooled ? -1 : 1) : 0;
            for (int i = start; i < start + size; i++) {
                x[i] += (float) (scale * (wanted[i] - share * other[i]));
            }
        }

        void penalised(double lambda, float[] x, double length) {
            double marginSize = mean(margin);
            double scoreSize = mean(score);
            for (int i = start; i < start + size; i++) {
                double up = marginSize > 0 ? margin[i] / marginSize : 0;
                double down = scoreSize > 0 ? score[i] / scoreSize : 0;
                x[i] += (float) (length * Math.signum(up - lambda * down));
            }
        }

        private double mean(float[] gradient) {
            double sum = 0;
            for (int i = start; i < start + size; i++) {
                sum += Math.abs(gradient[i]);
            }
            return sum / size;
        }
    }
}
