package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;

/**
 * A square in which everything may change, and nothing outside it (Brown et al., "Adversarial Patch", 2017, for one image each; the
 * black-and-white stickers of Eykholt et al. 2018): projected gradient descent inside, from random levels. The square is put where the
 * loss is steepest, so an attacker could not place it much better without trying all places.
 *
 * @param side of the square, pixels; at most the image's
 * @param steps of descent
 * @param seed of the random levels
 */
public record Patch(int side, int steps, long seed) implements Attack {

    public Patch {
        Attack.requireSteps(steps);
        if (side < 1) {
            throw new IllegalArgumentException("expected a side of at least 1 pixel, found " + side);
        }
    }

    @Override
    public String name() {
        return "patch";
    }

    @Override
    public String budget() {
        return side + "×" + side;
    }

    @Override
    public Region region() {
        return Region.EVERYWHERE;
    }

    @Override
    public Levels perturb(Levels clean, int[] labels, Victim victim) {
        boolean[] inside = squares(clean, Confined.steepness(clean, labels, victim));
        return Confined.ascend(clean, inside, labels, victim, steps, seed);
    }

    /** For each image the square of the largest Σ|gradient|. */
    private boolean[] squares(Levels clean, double[] steepness) {
        int channels = clean.shape().channels();
        int height = clean.shape().height();
        int width = clean.shape().width();
        int size = clean.shape().dimensions();
        int tall = Math.min(side, height);
        int wide = Math.min(side, width);
        boolean[] inside = new boolean[clean.data().length];
        for (int image = 0; image < clean.count(); image++) {
            double[][] sums = new double[height + 1][width + 1];
            for (int row = 0; row < height; row++) {
                for (int column = 0; column < width; column++) {
                    double here = steepness[(image * height + row) * width + column];
                    sums[row + 1][column + 1] =
                            here + sums[row][column + 1] + sums[row + 1][column] - sums[row][column];
                }
            }
            int top = 0;
            int left = 0;
            double most = -1;
            for (int row = 0; row + tall <= height; row++) {
                for (int column = 0; column + wide <= width; column++) {
                    double sum = sums[row + tall][column + wide]
                            - sums[row][column + wide]
                            - sums[row + tall][column]
                            + sums[row][column];
                    if (sum > most) {
                        most = sum;
                        top = row;
                        left = column;
                    }
                }
            }
            for (int channel = 0; channel < channels; channel++) {
                for (int row = top; row < top + tall; row++) {
                    for (int column = left; column < left + wide; column++) {
                        inside[image * size + (channel * height + row) * width + column] = true;
                    }
                }
            }
        }
        return inside;
    }
}
