package io.surprisal.evaluation.attack;

import io.surprisal.evaluation.attack.Corruption.Kind;
import java.util.ArrayList;
import java.util.List;

/** The attacks of one evaluation, in the order of its tables. */
public final class AttackSuite {
    private static final int AUTO_STEPS = 30;
    private static final int QUERIES = 500;
    private static final int DEEPFOOL_STEPS = 30;
    private static final int SEARCHES = 6;
    private static final int MOMENTUM_STEPS = 10; // of the paper
    private static final int ADAM_STEPS = 100;
    private static final double ADAM_RATE = 0.1;
    private static final int HOPS = 10;
    private static final int HOP_QUERIES = 100;
    /** A quarter, a half and one, as papers count that call the whole range 1. */
    private static final List<Integer> LENGTHS = List.of(64, 128, 255);

    private static final int PATCH = 7;
    private static final int PIXELS = 10;
    private static final int CONFINED_STEPS = 30;

    private AttackSuite() {}

    /**
     * All attacks and controls: those of {@link #standard}, iterated and search attacks at each ε, the least perturbations that fool, patches and single
     * pixels, and what happens to images anyway.
     *
     * @param classes of the classifier
     */
    public static List<Attack> full(List<Integer> epsilons, int pgdSteps, long seed, int classes) {
        List<Attack> attacks = new ArrayList<>(standard(epsilons, pgdSteps, seed));
        Region everywhere = Region.EVERYWHERE;
        epsilons.forEach(epsilon -> attacks.add(new Bim(epsilon, everywhere)));
        epsilons.forEach(epsilon -> attacks.add(new MomentumFgsm(epsilon, everywhere, MOMENTUM_STEPS)));
        epsilons.forEach(
                epsilon -> attacks.add(new AutoPgd(epsilon, everywhere, Objective.CROSS_ENTROPY, AUTO_STEPS, seed)));
        if (classes > 2) { // the ratio is of the first to the third logit
            epsilons.forEach(
                    epsilon -> attacks.add(new AutoPgd(epsilon, everywhere, Objective.LOGITS_RATIO, AUTO_STEPS, seed)));
        }
        epsilons.forEach(epsilon -> attacks.add(new Square(epsilon, everywhere, QUERIES, seed)));
        for (Region region : Region.values()) {
            attacks.add(new DeepFool(region, DEEPFOOL_STEPS));
        }
        attacks.add(new CarliniWagner(everywhere, SEARCHES, ADAM_STEPS, ADAM_RATE));
        attacks.add(new HopSkipJump(HOPS, HOP_QUERIES, seed));
        LENGTHS.forEach(length -> attacks.add(new PgdEuclidean(length, pgdSteps, seed)));
        attacks.add(new Patch(PATCH, CONFINED_STEPS, seed));
        attacks.add(new FewPixels(PIXELS, CONFINED_STEPS, seed));
        attacks.add(new Corruption(Kind.GAUSSIAN_NOISE, 4, seed));
        attacks.add(new Corruption(Kind.GAUSSIAN_NOISE, 16, seed));
        attacks.add(new Corruption(Kind.BLUR, 0.7, seed));
        attacks.add(new Corruption(Kind.BRIGHTNESS, 16, seed));
        attacks.add(new Corruption(Kind.CONTRAST, 0.8, seed));
        attacks.add(new Corruption(Kind.ROTATION, 10, seed));
        attacks.add(new JpegCompression(90));
        return List.copyOf(attacks);
    }

    /**
     * Images made against another classifier, at each ε, by an attack that was made to transfer.
     *
     * @param surrogate the classifier they are made against
     */
    public static List<Attack> transferred(List<Integer> epsilons, Victim surrogate) {
        return epsilons.stream()
                .<Attack>map(epsilon ->
                        new Transferred(new MomentumFgsm(epsilon, Region.EVERYWHERE, MOMENTUM_STEPS), surrogate))
                .toList();
    }

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
