package io.surprisal.training.fit;

/** Where a run tells how it is going. Called from the training thread. */
public interface ProgressReport {

    /**
     * After each step.
     *
     * @param progress 0 to 1
     * @param imagesPerSecond over the last steps
     * @param bitsPerDimension of the latest training batches
     * @param secondsLeft at the current speed
     */
    void step(double progress, double imagesPerSecond, double bitsPerDimension, double secondsLeft);

    /** After each evaluation on the validation images. */
    void point(LearningCurve.Point point, boolean best);
}
