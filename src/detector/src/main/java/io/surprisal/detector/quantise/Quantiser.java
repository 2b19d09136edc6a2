package io.surprisal.detector.quantise;

import io.surprisal.detector.image.Pixels;
import io.surprisal.detector.image.UnreadableImageException;
import java.util.List;

/**
 * Pixels (uint8, H, W, C) to levels (uint8, N, C, H, W), for models of one shape and one number of levels.
 *
 * <p>With 256 levels a pixel's value is its level. With fewer, level = round(value · (L − 1) / 255), the only place where
 * the project rounds an image; 255 is odd, so no value lies half-way between two levels. An image of another size or with
 * other channels is refused, never resized: resizing changes the density of an image, and with it every number that
 * follows. Immutable, safe for use by many threads.
 */
public final class Quantiser {

    private final ImageShape shape;
    private final int levels;
    private final byte[] levelOf = new byte[256];

    /**
     * @param shape the only shape let through
     * @param levels L, 2..256
     */
    public Quantiser(ImageShape shape, int levels) {
        if (levels < 2 || levels > 256) {
            throw new IllegalArgumentException("expected 2 to 256 levels, found " + levels);
        }
        this.shape = shape;
        this.levels = levels;
        for (int value = 0; value < 256; value++) {
            levelOf[value] = (byte) ((2 * value * (levels - 1) + 255) / 510);
        }
    }

    /** The level that a value of 0..255 becomes. */
    public int level(int value) {
        return Byte.toUnsignedInt(levelOf[value]);
    }

    /**
     * Quantises a batch, in order.
     *
     * @param images at least one
     * @throws UnreadableImageException when an image has another size or other channels than the model
     */
    public Levels quantise(List<Pixels> images) {
        int dimensions = shape.dimensions();
        byte[] data = new byte[Math.multiplyExact(images.size(), dimensions)];
        for (int image = 0; image < images.size(); image++) {
            Pixels pixels = images.get(image);
            requireShape(pixels, image, images.size());
            quantise(pixels.data(), data, image * dimensions);
        }
        return Levels.of(shape, levels, images.size(), data);
    }

    /**
     * The same for images that are levels already, 256 of them: what a data set becomes when it is served.
     *
     * @throws IllegalArgumentException when they are of another shape, or have another number of levels than 256
     */
    public Levels quantise(Levels images) {
        if (!images.shape().equals(shape) || images.levels() != levelOf.length) {
            throw new IllegalArgumentException("expected images of " + shape + " with 256 levels, found "
                    + images.shape() + " with " + images.levels());
        }
        byte[] data = new byte[images.data().length];
        for (int i = 0; i < data.length; i++) {
            data[i] = levelOf[Byte.toUnsignedInt(images.data()[i])];
        }
        return Levels.of(shape, levels, images.count(), data);
    }

    private void quantise(byte[] interleaved, byte[] planar, int offset) {
        int channels = shape.channels();
        int area = shape.height() * shape.width();
        for (int position = 0; position < area; position++) {
            for (int channel = 0; channel < channels; channel++) {
                int value = Byte.toUnsignedInt(interleaved[position * channels + channel]);
                planar[offset + channel * area + position] = levelOf[value];
            }
        }
    }

    private void requireShape(Pixels pixels, int image, int of) {
        if (pixels.channels() != shape.channels()
                || pixels.height() != shape.height()
                || pixels.width() != shape.width()) {
            throw new UnreadableImageException("expected an image of " + shape + ", found "
                    + new ImageShape(pixels.channels(), pixels.height(), pixels.width())
                    + (of == 1 ? "" : " (image " + (image + 1) + " of " + of + ")"));
        }
    }
}
