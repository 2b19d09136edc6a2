package io.surprisal.detector;

import io.surprisal.detector.calibration.Cascade;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The two densities of a {@link Cascade}: each image by the screen, those it is unsure of by the model. */
final class ScreenedModel implements DensityModel {
    private final Cascade cascade;
    private final DensityModel screen;
    private final DensityModel model;

    /** Both densities are closed with this one. */
    ScreenedModel(Cascade cascade, DensityModel screen, DensityModel model) {
        this.cascade = cascade;
        this.screen = screen;
        this.model = model;
    }

    @Override
    public ImageShape shape() {
        return model.shape();
    }

    @Override
    public int levels() {
        return model.levels();
    }

    /** The images of a batch still do not influence each other: which density an image gets depends on the image alone. */
    @Override
    public Conditionals evaluate(Levels images) {
        Conditionals first = screen.evaluate(images);
        int[] unsure = IntStream.range(0, images.count())
                .filter(image -> cascade.asksTheModel(first, image))
                .toArray();
        boolean[] screened = new boolean[images.count()];
        Arrays.fill(screened, true);
        for (int image : unsure) {
            screened[image] = false;
        }
        if (unsure.length == 0) {
            return with(first, screened);
        }
        if (unsure.length == images.count()) {
            return with(model.evaluate(images), screened);
        }
        Conditionals second = model.evaluate(images.pick(unsure));
        int dimensions = images.shape().dimensions();
        return new Conditionals(
                images,
                merged(first.logProb(), second.logProb(), unsure, dimensions),
                mergedIfPresent(first.entropy(), second.entropy(), unsure, dimensions),
                mergedIfPresent(first.surprisalVariance(), second.surprisalVariance(), unsure, dimensions),
                mergedIfPresent(first.cdf(), second.cdf(), unsure, dimensions),
                mergedIfPresent(first.backgroundLogRatio(), second.backgroundLogRatio(), unsure, dimensions),
                screened);
    }

    private static Conditionals with(Conditionals all, boolean[] screened) {
        return new Conditionals(
                all.images(),
                all.logProb(),
                all.entropy(),
                all.surprisalVariance(),
                all.cdf(),
                all.backgroundLogRatio(),
                screened);
    }

    private static float @Nullable [] mergedIfPresent(
            float @Nullable [] first, float @Nullable [] second, int[] unsure, int dimensions) {
        return first == null || second == null ? null : merged(first, second, unsure, dimensions);
    }

    /** The rows of the first array, and where the screen is unsure those of the second. */
    private static float[] merged(float[] first, float[] second, int[] unsure, int dimensions) {
        float[] rows = first.clone();
        for (int row = 0; row < unsure.length; row++) {
            System.arraycopy(second, row * dimensions, rows, unsure[row] * dimensions, dimensions);
        }
        return rows;
    }

    @Override
    public void close() {
        try {
            screen.close();
        } finally {
            model.close();
        }
    }
}
