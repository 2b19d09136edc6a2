package io.surprisal.evaluation.score;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What each statistic gave for each image of a set, in the order of the images; arrays are not copied, read only. */
public final class Scores {
    private final int images;
    private final Map<String, double[]> byStatistic;

    /** @throws IllegalArgumentException when a statistic has not as many scores as there are images */
    Scores(int images, Map<String, double[]> byStatistic) {
        byStatistic.forEach((name, scores) -> {
            if (scores.length != images) {
                throw new IllegalArgumentException(name + ": expected " + images + " scores, found " + scores.length);
            }
        });
        this.images = images;
        this.byStatistic = new LinkedHashMap<>(byStatistic);
    }

    public int images() {
        return images;
    }

    /** In the order of the calibration. */
    public Set<String> statistics() {
        return byStatistic.keySet();
    }

    /** Larger is more suspicious. @throws IllegalArgumentException when there is no such statistic */
    public double[] of(String statistic) {
        double[] scores = byStatistic.get(statistic);
        if (scores == null) {
            throw new IllegalArgumentException("expected one of " + byStatistic.keySet() + ", found " + statistic);
        }
        return scores;
    }

    /** The scores of the images at these places. */
    public Scores pick(int[] places) {
        Map<String, double[]> picked = new LinkedHashMap<>();
        byStatistic.forEach((name, scores) -> {
            double[] values = new double[places.length];
            for (int i = 0; i < places.length; i++) {
                values[i] = scores[places[i]];
            }
            picked.put(name, values);
        });
        return new Scores(places.length, picked);
    }
}
