package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;

/** The detector in front of the classifier, as an attacker sees it who knows everything: its score, and how that changes with the image. */
public interface Guard {

    /** What decides, as in reports: a statistic, and of which density where there are two. */
    String name();

    /** The scores the deployed detector gives whole images; larger is more suspicious, NaN most of all. */
    double[] scores(Levels images);

    /**
     * The gradient of each image's own score, or of what the attacker goes for to bring it down.
     *
     * @param images N·C·H·W levels, NCHW, not necessarily whole numbers
     * @param count N
     * @return N·C·H·W partial derivatives by the levels
     */
    float[] gradients(float[] images, int count);
}
