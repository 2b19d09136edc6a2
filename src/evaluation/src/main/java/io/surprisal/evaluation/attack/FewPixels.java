package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A few pixels in which everything may change, and none else (the ℓ0 PGD of Croce and Hein, "Sparse and Imperceivable Adversarial Attacks", ICCV
 * 2019, with its pixels chosen once): those at which the margin is steepest.
 *
 * @param pixels how many
 * @param steps of ascent
 * @param seed of the random levels
 */
public record FewPixels(int pixels, int steps, long seed) implements Attack {

    public FewPixels {
        Attack.requireSteps(steps);
        if (pixels < 1) {
            throw new IllegalArgumentException("expected at least 1 pixel, found " + pixels);
        }
    }

    @Override
    public String name() {
        return "few-pixels";
    }

    @Override
    public String budget() {
        return pixels + " pixels";
    }

    @Override
    public Region region() {
        return Region.EVERYWHERE;
    }

    @Override
    public Levels perturb(Levels clean, int[] labels, Victim victim) {
        double[] steepness = Confined.steepness(clean, labels, victim);
        int area = clean.shape().height() * clean.shape().width();
        int size = clean.shape().dimensions();
        boolean[] inside = new boolean[clean.data().length];
        for (int image = 0; image < clean.count(); image++) {
            int from = image * area;
            int start = image * size;
            IntStream.range(0, area)
                    .boxed()
                    .sorted(Comparator.comparingDouble(pixel -> -steepness[from + pixel]))
                    .limit(pixels)
                    .forEach(pixel -> {
                        for (int i = pixel; i < size; i += area) {
                            inside[start + i] = true;
                        }
                    });
        }
        return Confined.ascend(clean, inside, labels, victim, steps, seed);
    }
}
