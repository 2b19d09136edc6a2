package io.surprisal.evaluation.attack;

import io.surprisal.detector.calibration.Stage;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.EnumMap;
import java.util.Map;

/**
 * A cascade as an attacker sees it who follows it: each image's gradient is that of the density which judges the image as it stands, so that one
 * that the screen suspects is first made less suspect to the screen, and one that it hands on is then made ordinary to the model.
 *
 * @param name as in reports
 * @param ways for each stage, who has the gradient there; all give the scores of the whole detector, which are places in the cascade
 * @param shape of the images
 * @param levels of the images
 */
public record StagedGuard(String name, Map<Stage, Guard> ways, ImageShape shape, int levels) implements Guard {

    /** @throws IllegalArgumentException when there is a stage without a gradient */
    public StagedGuard {
        ways = new EnumMap<>(ways);
        if (ways.size() != Stage.values().length) {
            throw new IllegalArgumentException("expected a gradient for each stage, found " + ways.keySet());
        }
    }

    private Guard way(Stage stage) {
        Guard way = ways.get(stage);
        if (way == null) {
            throw new IllegalStateException("expected a gradient for each stage, found none for " + stage);
        }
        return way;
    }

    @Override
    public double[] scores(Levels images) {
        return way(Stage.UNSURE).scores(images);
    }

    @Override
    public float[] gradients(float[] images, int count) {
        int size = shape.dimensions();
        byte[] rounded = new byte[images.length];
        for (int i = 0; i < images.length; i++) {
            rounded[i] = (byte) Math.round(images[i]);
        }
        double[] places = scores(Levels.of(shape, levels, count, rounded));
        float[] gradients = new float[images.length];
        for (Stage stage : Stage.values()) {
            Batch judged = Batch.all(count).keep(image -> stage(places[image]) == stage);
            if (judged.size() > 0) {
                float[] own = way(stage).gradients(judged.gather(images, size), judged.size());
                for (int i = 0; i < judged.size(); i++) {
                    System.arraycopy(own, i * size, gradients, judged.place(i) * size, size);
                }
            }
        }
        return gradients;
    }

    /** A NaN is the model's: what the screen cannot say anything about is handed on. */
    private static Stage stage(double place) {
        return Double.isNaN(place) ? Stage.UNSURE : Stage.at(place);
    }
}
