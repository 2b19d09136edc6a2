package io.surprisal.detector.likelihood;

import io.surprisal.detector.quantise.ImageShape;
import java.util.Arrays;
import java.util.List;

/**
 * The order in which the chain rule takes the dimensions of an image. A dimension is counted as raster order counts it: row by row,
 * column by column, channels innermost, (row · W + column) · C + channel.
 *
 * @param name for people; it means raster order unless {@code dimensions} says otherwise
 * @param dimensions each dimension once, the first of the chain rule first; empty for raster order
 */
public record DimensionOrder(String name, List<Integer> dimensions) {

    /** Row by row, column by column, the channels of a pixel in the order R, G, B. */
    public static final DimensionOrder RASTER =
            new DimensionOrder("raster, channels R→G→B innermost (c fastest)", List.of());

    public DimensionOrder {
        dimensions = List.copyOf(dimensions);
        boolean[] seen = new boolean[dimensions.size()];
        for (int dimension : dimensions) {
            if (dimension < 0 || dimension >= seen.length || seen[dimension]) {
                throw new IllegalArgumentException("expected an order that holds each of the dimensions 0 to "
                        + (seen.length - 1) + " once, found " + dimension
                        + (dimension >= 0 && dimension < seen.length ? " twice" : ""));
            }
            seen[dimension] = true;
        }
    }

    /**
     * An order given by all dimensions.
     *
     * @throws IllegalArgumentException when one is missing, comes twice, or there is none
     */
    public static DimensionOrder of(String name, int[] dimensions) {
        if (dimensions.length == 0) {
            throw new IllegalArgumentException("expected an order of at least one dimension, found none");
        }
        return new DimensionOrder(name, Arrays.stream(dimensions).boxed().toList());
    }

    public boolean isRaster() {
        return dimensions.isEmpty();
    }

    /** The dimension that comes at place {@code t} of the chain rule, from 0. */
    public int at(int t) {
        return isRaster() ? t : dimensions.get(t);
    }

    /** Where a dimension lies in an image of shape (C, H, W). */
    public static int offset(ImageShape shape, int dimension) {
        int pixel = dimension / shape.channels();
        return dimension % shape.channels() * shape.height() * shape.width() + pixel;
    }

    /** @throws IllegalArgumentException when the order is not one of all dimensions of such images */
    public void requireFor(ImageShape shape) {
        if (!isRaster() && dimensions.size() != shape.dimensions()) {
            throw new IllegalArgumentException("expected an order of the " + shape.dimensions() + " dimensions of "
                    + shape + ", found one of " + dimensions.size());
        }
    }
}
