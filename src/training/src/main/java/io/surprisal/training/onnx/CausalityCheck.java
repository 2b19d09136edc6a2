package io.surprisal.training.onnx;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.likelihood.DimensionOrder;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.List;
import java.util.Random;

/**
 * Whether a model takes the dimensions in the order it is said to: a dimension that is changed must not change a conditional that
 * comes before it. Some dimensions are tried, not all; a model that looks ahead anywhere near them is found.
 *
 * @param changes how many dimensions were changed
 */
public record CausalityCheck(int changes) {
    /** Far above rounding, far below what a peek gives away. */
    static final double TOLERANCE_NATS = 1e-3;

    private static final int CHANGES = 32;

    /**
     * Changes dimensions of the images, evenly over the order.
     *
     * @throws ExportRefusedException naming the first conditional that changes too early
     */
    public static CausalityCheck of(DensityModel model, DimensionOrder order, Levels images, long seed) {
        Random random = new Random(seed);
        ImageShape shape = images.shape();
        int changes = Math.min(CHANGES, shape.dimensions());
        for (int change = 0; change < changes; change++) {
            int image = random.nextInt(images.count());
            Levels clean = images.slice(image, image + 1);
            int place = place(change, changes, shape.dimensions(), random);
            byte[] data = clean.data().clone();
            int at = DimensionOrder.offset(shape, order.at(place));
            int other = 1 + random.nextInt(images.levels() - 1);
            data[at] = (byte) ((Byte.toUnsignedInt(data[at]) + other) % images.levels());
            Levels changed = Levels.of(shape, images.levels(), 1, data);
            requireSamePast(model.evaluate(Levels.concat(List.of(clean, changed))), order, shape, place);
        }
        return new CausalityCheck(changes);
    }

    /** A place at random in one of so many equal parts of an order: places tried are spread evenly over it. */
    static int place(int part, int parts, int dimensions, Random random) {
        return (int) ((part + random.nextDouble()) * dimensions / parts);
    }

    private static void requireSamePast(Conditionals both, DimensionOrder order, ImageShape shape, int place) {
        for (int before = 0; before < place; before++) {
            int offset = DimensionOrder.offset(shape, order.at(before));
            double difference = Math.abs((double) both.logProb()[offset] - both.logProb()[shape.dimensions() + offset]);
            if (!(difference <= TOLERANCE_NATS)) {
                throw new ExportRefusedException(
                        "order %s: a change of the dimension at place %d changes the conditional at place %d before it by %.6f nats"
                                .formatted(order.name(), place, before, difference));
            }
        }
    }
}
