package io.surprisal.training.density;

import io.surprisal.detector.quantise.ImageShape;

/**
 * The two densities whose ratio says whether something has happened to an image (Ren et al. 2019): one of images to which something
 * has, and its twin, of the same make and of clean images. Both of the same make, since then what one of them is bad at is lost from the
 * ratio; and so they may be small.
 *
 * @param disturbed fitted to disturbed images
 * @param twin fitted to clean ones: the model itself, or a smaller one
 */
public record Background(FittedNetwork disturbed, FittedNetwork twin) {

    /** Beyond so many nats a single dimension decides; a bound keeps sums finite. */
    public static final float MOST_NATS = 100;

    /** @throws IllegalArgumentException when the two are about different images */
    public Background {
        if (!shapeOf(disturbed).equals(shapeOf(twin)) || levelsOf(disturbed) != levelsOf(twin)) {
            throw new IllegalArgumentException("expected a background and its twin for the same images, found "
                    + shapeOf(disturbed) + " with " + levelsOf(disturbed) + " levels and " + shapeOf(twin) + " with "
                    + levelsOf(twin));
        }
    }

    private static ImageShape shapeOf(FittedNetwork fitted) {
        return fitted.network().shape();
    }

    private static int levelsOf(FittedNetwork fitted) {
        return fitted.network().levels();
    }
}
