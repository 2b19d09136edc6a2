package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.Arrays;
import java.util.Random;

/**
 * The Square attack for ℓ∞ (Andriushchenko et al., "Square Attack: a Query-Efficient Black-Box Adversarial Attack via Random Search", ECCV 2020,
 * algorithms 1 and 2): vertical stripes of ±ε to begin with, then squares of ±ε at random places, kept when the margin falls. It asks for logits
 * only; an image that is misclassified is left alone.
 *
 * @param epsilon levels
 * @param region what may change
 * @param queries an image; thousands in the paper
 * @param seed of stripes and squares
 */
public record Square(int epsilon, Region region, int queries, long seed) implements Attack {
    private static final double FIRST_SHARE = 0.8; // p of the paper, of all pixels
    private static final double[] HALVINGS = {0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8};

    public Square {
        Attack.requireEpsilon(epsilon);
        Attack.requireSteps(queries);
    }

    @Override
    public String name() {
        return "square";
    }

    @Override
    public String budget() {
        return Attack.epsilonBudget(epsilon);
    }

    @Override
    public Levels perturb(Levels clean, int[] labels, Victim victim) {
        EpsilonBall ball = new EpsilonBall(clean, epsilon, region);
        ImageShape shape = clean.shape();
        int size = shape.dimensions();
        float[] centre = ball.centre();
        float[] x = centre.clone();
        Random random = new Random(seed);
        for (int image = 0; image < labels.length; image++) {
            stripes(x, image * size, shape, random);
        }
        ball.project(x);
        double[] margins = margins(x, labels, victim);
        for (int query = 1; query < queries; query++) {
            Batch going = Batch.all(labels.length).keep(i -> margins[i] <= 0);
            if (going.size() == 0) {
                break;
            }
            int side = side(query, shape);
            float[] tried = x.clone();
            for (int i = 0; i < going.size(); i++) {
                square(tried, centre, going.place(i) * size, shape, side, random);
            }
            ball.project(tried);
            double[] now = margins(going.gather(tried, size), going.gather(labels), victim);
            for (int i = 0; i < going.size(); i++) {
                int place = going.place(i);
                if (now[i] > margins[place]) {
                    margins[place] = now[i];
                    System.arraycopy(tried, place * size, x, place * size, size);
                }
            }
        }
        return ball.quantise(x);
    }

    /** The side of a square whose area is p of the image, p halved at the paper's points of its budget. */
    int side(int query, ImageShape shape) {
        double share = FIRST_SHARE;
        for (double point : HALVINGS) {
            share /= query > point * queries ? 2 : 1;
        }
        int least = Math.min(shape.height(), shape.width());
        return Math.clamp(Math.round(Math.sqrt(share * shape.height() * shape.width())), 1, least);
    }

    private void stripes(float[] x, int start, ImageShape shape, Random random) {
        for (int channel = 0; channel < shape.channels(); channel++) {
            for (int column = 0; column < shape.width(); column++) {
                float move = random.nextBoolean() ? epsilon : -epsilon;
                for (int row = 0; row < shape.height(); row++) {
                    x[start + (channel * shape.height() + row) * shape.width() + column] += move;
                }
            }
        }
    }

    private void square(float[] x, float[] centre, int start, ImageShape shape, int side, Random random) {
        int top = random.nextInt(shape.height() - side + 1);
        int left = random.nextInt(shape.width() - side + 1);
        for (int channel = 0; channel < shape.channels(); channel++) {
            float move = random.nextBoolean() ? epsilon : -epsilon;
            for (int row = top; row < top + side; row++) {
                for (int column = left; column < left + side; column++) {
                    int i = start + (channel * shape.height() + row) * shape.width() + column;
                    x[i] = centre[i] + move;
                }
            }
        }
    }

    private static double[] margins(float[] x, int[] labels, Victim victim) {
        int classes = victim.classes();
        float[] logits = victim.logits(x, labels.length);
        double[] margins = new double[labels.length];
        for (int i = 0; i < labels.length; i++) {
            margins[i] = Objective.MARGIN.value(Arrays.copyOfRange(logits, i * classes, (i + 1) * classes), labels[i]);
        }
        return margins;
    }
}
