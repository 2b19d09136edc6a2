package io.surprisal.evaluation.protocol;

import io.surprisal.evaluation.attack.Attack;
import java.util.List;

/**
 * How much to evaluate, and with what.
 *
 * @param attackedImages at most so many test images are attacked
 * @param cleanImages at most so many clean test images are scored; at least as many as are attacked
 * @param trainImages at most so many training images are scored, for comparison
 * @param epsilons of the attacks, levels
 * @param pgdSteps steps of PGD
 * @param falsePositiveRates to test at, each above 0 and below 1
 * @param threads that score and attack
 * @param seed of the choice of images, of random starts and noise
 * @param suite of attacks
 * @param adaptiveImages how many of the attacked images are also attacked by one who knows the detector; 0 for none
 * @param adaptiveSteps of those attacks
 * @param adaptiveAgainst the statistics that decide when they are made; those that the bundle has no clean scores of are left out
 */
public record EvaluationPlan(
        int attackedImages,
        int cleanImages,
        int trainImages,
        List<Integer> epsilons,
        int pgdSteps,
        List<Double> falsePositiveRates,
        int threads,
        long seed,
        Suite suite,
        int adaptiveImages,
        int adaptiveSteps,
        List<String> adaptiveAgainst) {

    /** Which attacks. */
    public enum Suite {
        /** Sign attacks and noise: minutes. */
        STANDARD,
        /** All there are, with the controls: the quarter of an hour. */
        FULL
    }

    public EvaluationPlan {
        epsilons = List.copyOf(epsilons);
        adaptiveAgainst = List.copyOf(adaptiveAgainst);
        falsePositiveRates = List.copyOf(falsePositiveRates);
        if (attackedImages < 1 || trainImages < 1 || threads < 1 || adaptiveImages < 0) {
            throw new IllegalArgumentException(
                    "expected at least 1 attacked image, 1 training image and 1 thread, found " + attackedImages + ", "
                            + trainImages + " and " + threads);
        }
        if (cleanImages < attackedImages) {
            throw new IllegalArgumentException("expected at least as many clean images as attacked ones, found "
                    + cleanImages + " and " + attackedImages);
        }
        epsilons.forEach(Attack::requireEpsilon);
        if (pgdSteps < 1) {
            throw new IllegalArgumentException("expected at least 1 step of PGD, found " + pgdSteps);
        }
        if (epsilons.isEmpty() || falsePositiveRates.isEmpty()) {
            throw new IllegalArgumentException("expected at least one ε and one false-positive rate, found " + epsilons
                    + " and " + falsePositiveRates);
        }
    }
}
