package io.surprisal.training.onnx;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.likelihood.ChainRule;
import io.surprisal.detector.quantise.Levels;
import java.util.ArrayList;
import java.util.List;

/**
 * What a change of a model did to the log-likelihoods of some images.
 *
 * @param images how many
 * @param meanNats mean of after − before, nats an image
 * @param rootMeanSquareNats of after − before
 * @param largestNats largest difference
 */
public record LikelihoodShift(int images, double meanNats, double rootMeanSquareNats, double largestNats) {
    private static final int BATCH = 16;

    static LikelihoodShift between(List<Double> before, List<Double> after) {
        double sum = 0;
        double squares = 0;
        double largest = 0;
        for (int i = 0; i < before.size(); i++) {
            double difference = after.get(i) - before.get(i);
            sum += difference;
            squares += difference * difference;
            largest = Math.max(largest, Math.abs(difference));
        }
        int images = before.size();
        return new LikelihoodShift(images, sum / images, Math.sqrt(squares / images), largest);
    }

    /** The log-likelihoods of images, nats. */
    static List<Double> nats(DensityModel model, Levels images) {
        List<Double> nats = new ArrayList<>();
        for (int from = 0; from < images.count(); from += BATCH) {
            Conditionals said = model.evaluate(images.slice(from, Math.min(images.count(), from + BATCH)));
            for (int i = 0; i < said.count(); i++) {
                nats.add(ChainRule.of(said, i).nats());
            }
        }
        return nats;
    }
}
