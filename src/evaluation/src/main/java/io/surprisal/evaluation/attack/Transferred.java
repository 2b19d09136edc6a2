package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;

/**
 * Images made against another classifier, the attacker's own, and shown to the one under attack, of which he knows nothing but what it was trained for
 * (Papernot et al., "Practical Black-Box Attacks against Machine Learning", 2017).
 *
 * @param attack how he makes them
 * @param surrogate his classifier, of the same classes
 */
public record Transferred(Attack attack, Victim surrogate) implements Attack {

    @Override
    public String name() {
        return "transfer-" + attack.name();
    }

    @Override
    public String budget() {
        return attack.budget();
    }

    @Override
    public Region region() {
        return attack.region();
    }

    @Override
    public Levels perturb(Levels clean, int[] labels, Victim victim) {
        return attack.perturb(clean, labels, surrogate);
    }
}
