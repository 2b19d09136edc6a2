package io.surprisal.evaluation.attack;

import java.util.Arrays;

/** max_{k ≠ label} z_k − z_label. */
record Margin() implements Objective {

    @Override
    public double value(float[] logits, int label) {
        return (double) logits[Objective.largest(logits, label)] - logits[label];
    }

    @Override
    public void derivatives(float[] logits, int label, float[] into) {
        Arrays.fill(into, 0);
        into[Objective.largest(logits, label)] = 1;
        into[label] = -1;
    }
}
