package io.surprisal.evaluation.attack;

import java.util.ArrayList;
import java.util.List;

/** The attacks of one evaluation, in the order of its tables. */
public final class AttackSuite {
    private AttackSuite() {}

    /**
     * FGSM, PGD and noise, everywhere and on the foreground only, at each ε.
     *
     * @param epsilons levels
     * @param pgdSteps steps of PGD
     * @param seed of random starts and noise
     */
    public static List<Attack> standard(List<Integer> epsilons, int pgdSteps, long seed) {
        List<Attack> attacks = new ArrayList<>();
        for (Region region : Region.values()) {
            epsilons.forEach(epsilon -> attacks.add(new Fgsm(epsilon, region)));
            epsilons.forEach(epsilon -> attacks.add(new Pgd(epsilon, region, pgdSteps, seed)));
            epsilons.forEach(epsilon -> attacks.add(new UniformNoise(epsilon, region, seed)));
        }
        return List.copyOf(attacks);
    }
}
