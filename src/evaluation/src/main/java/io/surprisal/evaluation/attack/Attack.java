package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;

/**
 * Perturbs images by at most ε levels in each dimension (ℓ∞), aiming at a classifier's mistake. Values: immutable, the same output
 * for the same input. Every output lies on the grid of whole levels, as an image file does: what survives only between two levels is
 * no attack on a program that reads image files.
 */
public sealed interface Attack permits Fgsm, Pgd, UniformNoise {

    /** As in reports: {@code fgsm}, {@code pgd}, {@code noise}. */
    String name();

    /** ε in levels, at least 1; for 8-bit images, of 255. */
    int epsilon();

    Region region();

    /** Whether it is meant to fool the classifier, or a control that does not know it. */
    boolean usesGradients();

    /**
     * @param clean images
     * @param labels their classes
     * @param gradients of the classifier under attack; a control ignores them
     * @return images of the same shape, each within ε of its clean one
     */
    Levels perturb(Levels clean, int[] labels, LossGradients gradients);

    /** For people: {@code pgd, ε = 8, foreground}. */
    default String title() {
        return name() + ", ε = " + epsilon() + ", " + region().label();
    }

    /** @throws IllegalArgumentException when ε is below 1 or above 255 */
    static void requireEpsilon(int epsilon) {
        if (epsilon < 1 || epsilon > 255) {
            throw new IllegalArgumentException("expected ε from 1 to 255 levels, found " + epsilon);
        }
    }
}
