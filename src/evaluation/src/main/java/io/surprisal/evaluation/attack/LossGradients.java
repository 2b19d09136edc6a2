package io.surprisal.evaluation.attack;

/** The white box of a gradient attack: how a classifier's loss changes with the image. */
@FunctionalInterface
public interface LossGradients {

    /**
     * The gradient of each image's own loss.
     *
     * @param images N·C·H·W levels, NCHW, not necessarily whole numbers
     * @param labels N classes
     * @return N·C·H·W partial derivatives of −ln p(label | image) by the levels
     */
    float[] of(float[] images, int[] labels);
}
