package io.surprisal.detector.calibration;

import io.surprisal.detector.statistic.Panel;
import io.surprisal.detector.statistic.Statistic;
import java.util.List;
import java.util.Optional;

/**
 * The numbers of one image by the density that decides on it.
 *
 * @param statistics of that density, with its parameters, bits per dimension first
 * @param scores of the statistics, in their order
 * @param scale on which the scores are ranked
 */
public record Reading(List<Statistic> statistics, Panel.Scores scores, Scale scale) {

    /** The stage of a cascade in which the image ended; empty where there is only one density. */
    public Optional<Stage> stage() {
        return scale instanceof Stage stage ? Optional.of(stage) : Optional.empty();
    }

    /** The place of each score among the reference scores; a new array. */
    public double[] places() {
        double[] places = scores.scores().clone();
        for (int i = 0; i < places.length; i++) {
            places[i] = scale.place(places[i]);
        }
        return places;
    }
}
