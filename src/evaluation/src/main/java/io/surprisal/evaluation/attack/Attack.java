package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;

/**
 * Perturbs images, aiming at a classifier's mistake. Values: immutable, the same output for the same input. Every output lies on the grid of whole levels, as an image file does: what survives only between two levels is
 * no attack on a program that reads image files.
 */
public sealed interface Attack
        permits Fgsm,
                Bim,
                MomentumFgsm,
                Transferred,
                Pgd,
                PgdEuclidean,
                AutoPgd,
                Square,
                DeepFool,
                CarliniWagner,
                HopSkipJump,
                Patch,
                FewPixels,
                UniformNoise,
                Corruption,
                JpegCompression,
                OtherImages,
                AdaptivePgd,
                EitherWay {

    /** As in reports: {@code fgsm}, {@code pgd}, {@code noise}. */
    String name();

    /** How much it may change, in words: {@code ε = 8}, {@code 7×7}. */
    String budget();

    Region region();

    /**
     * @param clean images
     * @param labels their classes
     * @param victim the classifier under attack; a control ignores it
     * @return images of the same shape, each within the budget of its clean one
     */
    Levels perturb(Levels clean, int[] labels, Victim victim);

    /** Whether what comes out still shows what the label says. */
    default boolean keepsLabels() {
        return true;
    }

    /** For people: {@code pgd, ε = 8, foreground}. */
    default String title() {
        return name() + ", " + budget() + ", " + region().label();
    }

    /** @throws IllegalArgumentException when ε is below 1 or above 255 */
    static void requireEpsilon(int epsilon) {
        if (epsilon < 1 || epsilon > 255) {
            throw new IllegalArgumentException("expected ε from 1 to 255 levels, found " + epsilon);
        }
    }

    static String epsilonBudget(int epsilon) {
        return "ε = " + epsilon;
    }

    /** @throws IllegalArgumentException when there is not a step to take */
    static void requireSteps(int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("expected at least 1 step, found " + steps);
        }
    }
}
