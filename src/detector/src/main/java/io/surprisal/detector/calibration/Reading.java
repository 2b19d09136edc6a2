package io.surprisal.detector.calibration;

import io.surprisal.detector.statistic.Panel;
import io.surprisal.detector.statistic.Statistic;
import java.util.List;

/**
 * The numbers of one image by the density that decides on it.
 *
 * @param statistics of that density, with its parameters, bits per dimension first
 * @param scores of the statistics, in their order
 * @param scale on which the scores are ranked
 */
public record Reading(List<Statistic> statistics, Panel.Scores scores, Scale scale) {

    /** The place of each score among the reference scores; a new array. */
    public double[] places() {
        double[] places = scores.scores().clone();
        for (int i = 0; i < places.length; i++) {
            places[i] = scale.place(places[i]);
        }
        return places;
    }
}
