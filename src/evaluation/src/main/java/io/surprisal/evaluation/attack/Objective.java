package io.surprisal.evaluation.attack;

/**
 * What an attack climbs: a function of the K logits of one image and its label, larger where the classifier is more wrong. Immutable.
 */
public interface Objective {

    /** −ln softmax(z)_label: what FGSM, BIM and PGD ascend. */
    Objective CROSS_ENTROPY = new CrossEntropy();

    /** max over other classes of z_k, less z_label (Carlini and Wagner 2017, f6 with the sign of an ascent): above 0 where fooled. */
    Objective MARGIN = new Margin();

    /** The difference of logits ratio (Croce and Hein 2020, equation 6): the margin, free of the logits' scale. */
    Objective LOGITS_RATIO = new LogitsRatio();

    /** z_label itself: with the labels of another class, the rows of a Jacobian. */
    Objective LOGIT = new Logit();

    /** Its value at the logits. */
    double value(float[] logits, int label);

    /**
     * Its partial derivatives by the logits.
     *
     * @param into K numbers, overwritten
     */
    void derivatives(float[] logits, int label, float[] into);

    /** The largest logit's place, of all but one class. */
    static int largest(float[] logits, int except) {
        int best = -1;
        for (int k = 0; k < logits.length; k++) {
            if (k != except && (best < 0 || logits[k] > logits[best])) {
                best = k;
            }
        }
        return best;
    }
}
