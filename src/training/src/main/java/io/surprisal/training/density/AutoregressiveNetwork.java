package io.surprisal.training.density;

import io.surprisal.detector.likelihood.DimensionOrder;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.weights.ParameterLayout;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network whose output at dimension i depends on dimensions before i only, in raster order with R→G→B inside a pixel unless
 * {@link #order()} says otherwise. Implementations are immutable and hold no weights.
 */
public interface AutoregressiveNetwork {

    /** The family's name as it stands in {@code bundle.json}, for example {@code gated-pixelcnn}. */
    String family();

    ImageShape shape();

    /** Number of grey levels L; the conditionals are distributions over 0..L−1. */
    int levels();

    /** What a reader needs to build the same network again. */
    Map<String, Object> hyperparameters();

    /** Names, shapes and initial values of all parameters. */
    ParameterLayout parameters();

    /** What the outputs are the parameters of. */
    Distribution distribution();

    /**
     * The parameters of {@link #distribution()} at every pixel.
     *
     * @param image levels scaled to −1..1, shape (N, C, H, W)
     * @return shape (N, {@link Distribution#outputs}, H, W)
     */
    <T> T outputs(Operations<T> operations, T image);

    /** The order of the chain rule. */
    default DimensionOrder order() {
        return DimensionOrder.RASTER;
    }

    /**
     * The same network, with the same parameters, for the first rows of an image, which in raster order depend on nothing below them;
     * this one where it can take whole images only.
     */
    default AutoregressiveNetwork top(int rows) {
        return this;
    }

    /**
     * Whether {@link #outputs} may be given one row after the other, the rows above being remembered by the operations: made of
     * convolutions, and of what takes each pixel by itself, in raster order.
     */
    default boolean rowByRow() {
        return false;
    }

    /**
     * The network that a step of training fits, with the same parameters: another one where training goes through several orders or
     * masks in turn, or is told the classes. What is validated and exported is always this one.
     *
     * @param labels classes of the images of the batch, {@code null} where the data has none
     */
    default AutoregressiveNetwork trainedAt(long step, int @Nullable [] labels) {
        return this;
    }
}
