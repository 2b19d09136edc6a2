package io.surprisal.training.data;

import java.util.Random;

/**
 * The training images of a data set cut into three disjoint parts by a seeded shuffle. Calibration images are never trained on
 * and never decide when training stops: a threshold from images the model has seen would be too low, and its false-positive rate
 * a lie.
 *
 * @param training what the weights are fitted to
 * @param validation what early stopping looks at
 * @param calibration what thresholds come from
 */
public record Split(ImageSet training, ImageSet validation, ImageSet calibration) {

    /** @throws IllegalArgumentException when fewer than one image would be left to train on */
    public static Split of(ImageSet all, int validation, int calibration, long seed) {
        int training = all.size() - validation - calibration;
        if (validation < 1 || calibration < 1 || training < 1) {
            throw new IllegalArgumentException(
                    "expected room for training beside %d validation and %d calibration images, found %d in all"
                            .formatted(validation, calibration, all.size()));
        }
        ImageSet shuffled = shuffled(all, seed);
        return new Split(
                shuffled.slice(all.name() + "[training]", 0, training),
                shuffled.slice(all.name() + "[validation]", training, training + validation),
                shuffled.slice(all.name() + "[calibration]", training + validation, all.size()));
    }

    private static ImageSet shuffled(ImageSet all, long seed) {
        return all.pick(all.name(), Permutation.of(all.size(), new Random(seed)));
    }
}
