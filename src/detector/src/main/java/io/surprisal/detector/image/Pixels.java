package io.surprisal.detector.image;

import java.util.Arrays;

/**
 * A decoded image: unsigned 8-bit samples, interleaved, rows from the top, in the order height, width, channel.
 *
 * <p>Two are equal when size, channels and all samples are. The array is not copied: who makes a {@code Pixels} hands
 * it over.
 *
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param data {@code height · width · channels} samples, each 0..255 as an unsigned byte
 */
public record Pixels(int width, int height, int channels, byte[] data) {

    /**
     * Checks that size, channels and data agree.
     *
     * @throws IllegalArgumentException when they do not
     */
    public Pixels {
        if (!(width >= 1 && height >= 1)) {
            throw new IllegalArgumentException("expected at least 1×1 pixels, found " + width + "×" + height);
        }
        if (channels != 1 && channels != 3) {
            throw new IllegalArgumentException("expected 1 or 3 channels, found " + channels);
        }
        long samples = (long) width * height * channels;
        if (data.length != samples) {
            throw new IllegalArgumentException("expected " + samples + " samples for " + width + "×" + height + "×"
                    + channels + ", found " + data.length);
        }
    }

    /**
     * One sample.
     *
     * @param x column, 0..width−1
     * @param y row from the top, 0..height−1
     * @param channel 0..channels−1
     * @return 0..255
     */
    public int sample(int x, int y, int channel) {
        return data[(y * width + x) * channels + channel] & 0xFF;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Pixels that
                && width == that.width
                && height == that.height
                && channels == that.channels
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * (31 * width + height) + channels) + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return width + "×" + height + (channels == 1 ? " grey" : " RGB");
    }
}
