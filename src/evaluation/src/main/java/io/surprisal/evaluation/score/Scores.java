package io.surprisal.evaluation.score;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Bits per dimension, and what each statistic gave for each image of a set, in the order of the images; arrays are not copied, read only. */
public final class Scores {
    private final double[] bitsPerDimension;
    private final Map<String, double[]> byStatistic;

    /** @throws IllegalArgumentException when a statistic has not as many scores as there are images */
    Scores(double[] bitsPerDimension, Map<String, double[]> byStatistic) {
        int images = bitsPerDimension.length;
        byStatistic.forEach((name, scores) -> {
            if (scores.length != images) {
                throw new IllegalArgumentException(name + ": expected " + images + " scores, found " + scores.length);
            }
        });
        this.bitsPerDimension = bitsPerDimension;
        this.byStatistic = new LinkedHashMap<>(byStatistic);
    }

    public int images() {
        return bitsPerDimension.length;
    }

    /** Of each image, by the density that decided on it. */
    public double[] bitsPerDimension() {
        return bitsPerDimension;
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
        byStatistic.forEach((name, scores) -> picked.put(name, pick(scores, places)));
        return new Scores(pick(bitsPerDimension, places), picked);
    }

    private static double[] pick(double[] values, int[] places) {
        return IntStream.of(places).mapToDouble(place -> values[place]).toArray();
    }
}
