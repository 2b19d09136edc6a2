package io.surprisal.evaluation.attack;

import java.util.Arrays;

/** z_label. */
record Logit() implements Objective {

    @Override
    public double value(float[] logits, int label) {
        return logits[label];
    }

    @Override
    public void derivatives(float[] logits, int label, float[] into) {
        Arrays.fill(into, 0);
        into[label] = 1;
    }
}
