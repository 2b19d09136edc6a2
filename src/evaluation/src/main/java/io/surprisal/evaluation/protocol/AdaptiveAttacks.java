package io.surprisal.evaluation.protocol;

import io.surprisal.detector.Detector;
import io.surprisal.detector.calibration.Cascade;
import io.surprisal.detector.calibration.ReferenceScores;
import io.surprisal.detector.calibration.Stage;
import io.surprisal.detector.statistic.Statistic;
import io.surprisal.evaluation.attack.AdaptivePgd;
import io.surprisal.evaluation.attack.AdaptivePgd.Way;
import io.surprisal.evaluation.attack.Attack;
import io.surprisal.evaluation.attack.EitherWay;
import io.surprisal.evaluation.attack.Guard;
import io.surprisal.evaluation.attack.StagedGuard;
import io.surprisal.evaluation.score.Scorer;
import io.surprisal.evaluation.score.Workers;
import io.surprisal.training.density.DifferentiableScores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The attacks of one who knows the detector, against each statistic that may decide, in both ways at each ε.
 *
 * <p>Against a cascade there are two: by way of the screen, with the gradient of what the screen chooses by alone, which is cheap and enough for who
 * gets cleared; and either way, where those images that were not got through so are attacked again by the density that judges them as they
 * stand.
 */
final class AdaptiveAttacks {
    private final Detector detector;
    private final EvaluationPlan plan;
    private final Scorer scorer;
    private final Workers workers;
    private final KnownDensities densities;

    AdaptiveAttacks(Detector detector, EvaluationPlan plan, Scorer scorer, Workers workers, KnownDensities densities) {
        this.detector = detector;
        this.plan = plan;
        this.scorer = scorer;
        this.workers = workers;
        this.densities = densities;
    }

    /** In the order of the tables; none where the plan has no images for them. */
    List<Attack> all() {
        List<Attack> attacks = new ArrayList<>();
        for (String statistic : plan.adaptiveAgainst()) {
            if (detector.calibration().has(statistic) && plan.adaptiveImages() > 0) {
                for (Way way : Way.values()) {
                    plan.epsilons().forEach(epsilon -> attacks.addAll(against(statistic, way, epsilon)));
                }
            }
        }
        return attacks;
    }

    private List<Attack> against(String statistic, Way way, int epsilon) {
        Guard model = guard(statistic, statistic, detector.calibration().statistic(statistic), densities.model());
        Cascade cascade = detector.cascade().orElse(null);
        DifferentiableScores screen = densities.screen();
        if (cascade == null || screen == null) {
            return List.of(pgd(way, epsilon, model));
        }
        return againstBoth(statistic, way, epsilon, model, cascade, screen);
    }

    private List<Attack> againstBoth(
            String statistic, Way way, int epsilon, Guard model, Cascade cascade, DifferentiableScores screen) {
        Statistic chooses = cascade.ofScreen(cascade.route().statistic());
        Guard router = guard(statistic + " by way of the screen", statistic, chooses, screen);
        Guard cleared = guard(statistic + " of the screen", statistic, cascade.ofScreen(statistic), screen);
        Guard staged = new StagedGuard(
                statistic + " by way of who judges",
                Map.of(Stage.CLEARED, cleared, Stage.UNSURE, model, Stage.SUSPECT, router),
                detector.manifest().shape(),
                detector.manifest().levels());
        Attack first = pgd(way, epsilon, router);
        Attack second = pgd(way, epsilon, staged);
        String name = pgd(way, epsilon, model).name() + " either way";
        return List.of(first, new EitherWay(name, first, second, staged, through(statistic)));
    }

    private Attack pgd(Way way, int epsilon, Guard guard) {
        return new AdaptivePgd(way, epsilon, plan.adaptiveSteps(), guard);
    }

    private Guard guard(String name, String decisive, Statistic statistic, DifferentiableScores density) {
        return new DetectorGuard(detector.manifest(), scorer, workers, name, decisive, statistic, density);
    }

    /** A place that is accepted at every rate that is reported. */
    private double through(String statistic) {
        ReferenceScores references = detector.ranks().of(statistic);
        return plan.falsePositiveRates().stream()
                .mapToDouble(references::threshold)
                .min()
                .orElseThrow();
    }
}
