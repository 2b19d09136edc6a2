package io.surprisal.detector.quantise;

/**
 * The shape of the images one density model is for.
 *
 * @param channels 1 (grey) or 3 (RGB)
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
public record ImageShape(int channels, int height, int width) {

    public ImageShape {
        if (channels != 1 && channels != 3) {
            throw new IllegalArgumentException("expected 1 (grey) or 3 (RGB) channels, found " + channels);
        }
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "expected a height and a width of at least 1, found " + height + " and " + width);
        }
        if ((long) channels * height > Integer.MAX_VALUE / width) {
            throw new IllegalArgumentException("expected at most " + Integer.MAX_VALUE + " dimensions, found "
                    + channels + "·" + height + "·" + width);
        }
    }

    /** The number of random variables in one image, D = C·H·W. */
    public int dimensions() {
        return channels * height * width;
    }

    /** Width × height and colour, as people say it: {@code 28×28 grey}. */
    @Override
    public String toString() {
        return width + "×" + height + (channels == 1 ? " grey" : " RGB");
    }
}
