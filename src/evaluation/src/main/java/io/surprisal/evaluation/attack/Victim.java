package io.surprisal.evaluation.attack;

/**
 * The classifier under attack, in the whitest of boxes: its logits, and how they change with the image. Images are N·C·H·W levels,
 * NCHW, not necessarily whole numbers, and do not influence each other.
 */
public interface Victim {

    /** K, at least 2. */
    int classes();

    /**
     * Unnormalised log-probabilities.
     *
     * @param count N
     * @return N·K numbers, image by image
     */
    float[] logits(float[] images, int count);

    /**
     * The gradient of each image's own objective.
     *
     * @param labels N classes
     */
    Ascent ascent(float[] images, int[] labels, Objective objective);

    /**
     * One forward and one backward pass.
     *
     * @param logits N·K
     * @param gradients N·C·H·W partial derivatives of the objectives by the levels
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Ascent(float[] logits, float[] gradients) {}
}
