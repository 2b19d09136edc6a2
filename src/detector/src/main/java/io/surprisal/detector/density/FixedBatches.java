package io.surprisal.detector.density;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.Arrays;

/**
 * A model that is run on batches of few sizes, powers of two, filled up with black images whose results are dropped. A device lays out
 * memory and chooses kernels anew for every size of batch that it has not seen, which costs more than evaluating those.
 */
public final class FixedBatches implements DensityModel {
    private final DensityModel model;

    /** @param model closed with this one */
    public FixedBatches(DensityModel model) {
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

    @Override
    public Conditionals evaluate(Levels images) {
        int batch = sizeFor(images.count());
        if (batch == images.count()) {
            return model.evaluate(images);
        }
        byte[] filled = Arrays.copyOf(images.data(), batch * images.shape().dimensions());
        return model.evaluate(Levels.of(images.shape(), images.levels(), batch, filled))
                .slice(0, images.count());
    }

    /** The smallest power of two that holds {@code images} images. */
    private static int sizeFor(int images) {
        return images <= 1 ? images : Integer.highestOneBit(images - 1) << 1;
    }

    @Override
    public void close() {
        model.close();
    }
}
